import GANFormats

/// The files of a data set: how they are recognised, read and had.
package struct DatasetFiles: Sendable {
  /// A training file that is in every copy, plain or with `.gz`; a folder is recognised by it.
  package let firstFile: String
  /// Training files by which a folder is recognised as well.
  package let otherFirstFiles: [String]
  /// Folders beneath a given one in which the files may lie, the most likely first; the given one
  /// itself is empty.
  package let places: [String]
  /// True for data sets that messages on folders do not list.
  package let isRare: Bool
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
    firstFile: String, otherFirstFiles: [String] = [], places: [String], folderHint: String,
    systemFolders: [String] = [], isRare: Bool = false,
    download: PublishedDataset? = nil,
    read: @escaping @Sendable (_ folder: String, ImageDataset.Split) throws -> ImageDataset
  ) {
    (self.firstFile, self.otherFirstFiles) = (firstFile, otherFirstFiles)
    (self.places, self.folderHint) = (places, folderHint)
    (self.systemFolders, self.download, self.read) = (systemFolders, download, read)
    self.isRare = isRare
  }

  /// The same files, whose images are made into others.
  func transformed(
    _ transform: @escaping @Sendable (ImageDataset) -> ImageDataset
  ) -> DatasetFiles {
    let read = read
    return DatasetFiles(
      firstFile: firstFile, otherFirstFiles: otherFirstFiles, places: places,
      folderHint: folderHint, systemFolders: systemFolders, isRare: isRare, download: download
    ) { transform(try read($0, $1)) }
  }

  /// True where a folder has the first file in one of its places.
  package func areLikely(in folder: String) -> Bool { recognisedFile(in: folder) != nil }

  /// The path of a first file in a folder, by which it is recognised; nil where there is none.
  package func recognisedFile(in folder: String) -> String? {
    places.lazy.flatMap { place in
      ([firstFile] + otherFirstFiles).lazy.compactMap {
        IDXPair.existingFile($0, in: place.isEmpty ? folder : "\(folder)/\(place)")
      }
    }.first
  }

  /// The folder in which the system has installed the data set, if it has.
  package var systemFolder: String? { systemFolders.first { isFolder($0) } }
}
