import GANFormats

/// The files of a data set: how they are recognised, read and had.
package struct DatasetFiles: Sendable {
  /// A training file that is in every copy, plain or with `.gz`; a folder is recognised by it.
  package let firstFile: String
  /// Folders beneath a given one in which the files may lie, the most likely first; the given one
  /// itself is empty.
  package let places: [String]
  /// The folder to name, as help says it: `that holds data_batch_1.bin to data_batch_5.bin`.
  package let folderHint: String
  /// Folders in which systems install the data set, the most likely first.
  package let systemFolders: [String]
  /// The download; nil where users bring the files.
  package let download: PublishedDataset?
  /// Reads images from a folder.
  ///
  /// Throws `FormatError`: `missing` where the files are not there, `noneFound` where none of the
  /// split's is; `invalid` where one is damaged.
  package let read: @Sendable (_ folder: String, ImageDataset.Split) throws -> ImageDataset

  /// Describes files.
  package init(
    firstFile: String, places: [String], folderHint: String, systemFolders: [String] = [],
    download: PublishedDataset? = nil,
    read: @escaping @Sendable (_ folder: String, ImageDataset.Split) throws -> ImageDataset
  ) {
    (self.firstFile, self.places, self.folderHint) = (firstFile, places, folderHint)
    (self.systemFolders, self.download, self.read) = (systemFolders, download, read)
  }

  /// True where a folder has the first file in one of its places.
  package func areLikely(in folder: String) -> Bool {
    places.contains { place in
      ImageDataset.existingFile(firstFile, in: place.isEmpty ? folder : "\(folder)/\(place)")
        != nil
    }
  }

  /// The folder in which the system has installed the data set, if it has.
  package var systemFolder: String? { systemFolders.first { isFolder($0) } }
}
