package import GANFormats

/// A data set as it is published: its files, their proofs, and where they can be downloaded.
package struct PublishedDataset: Sendable {
  /// The name in options, reports and the cache.
  package let name: String
  /// Its files, those of the training set first.
  package let files: [PublishedFile]
  /// Folders on the network that hold the files, the best first.
  package let mirrors: [String]

  /// Describes what can be downloaded.
  package init(name: String, files: [PublishedFile], mirrors: [String]) {
    (self.name, self.files, self.mirrors) = (name, files, mirrors)
  }
}

/// One file of a published data set.
package struct PublishedFile: Hashable, Sendable {
  /// Its name decompressed, such as `train-images-idx3-ubyte`.
  package let name: String
  /// The images it belongs to; nil for a file that every split needs.
  package let split: ImageDataset.Split?
  /// The format that messages name.
  package let format: FormatError.Format
  /// Its size decompressed.
  package let byteCount: Int
  /// The size of the compressed file, as first published.
  package let downloadByteCount: Int
  /// The proof that it is the right one.
  package let proof: Proof

  /// A SHA-256 digest, in hexadecimal.
  package enum Proof: Hashable, Sendable {
    /// Of the decompressed bytes: a mirror may have compressed them anew, or not at all.
    case contents(String)
    /// Of the compressed file: its publisher's own is the only one that passes.
    case archive(String)
  }

  /// Its name on mirrors.
  package let archiveName: String

  /// Describes a file.
  ///
  /// - Parameter archiveName: What it is called on mirrors; nil for its name with `.gz`.
  package init(
    name: String, split: ImageDataset.Split?, format: FormatError.Format, byteCount: Int,
    downloadByteCount: Int, proof: Proof, archiveName: String? = nil
  ) {
    (self.name, self.split, self.format) = (name, split, format)
    (self.byteCount, self.downloadByteCount, self.proof) = (byteCount, downloadByteCount, proof)
    self.archiveName = archiveName ?? name + ".gz"
  }

  /// Its name in the cache: decompressed, which starts a run sooner, where the bytes can
  /// then still be proved.
  package var cachedName: String {
    switch proof {
    case .contents: name
    case .archive: archiveName
    }
  }
}
