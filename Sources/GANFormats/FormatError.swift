/// Why a file could not be read or written: which one, and the operands of the failure.
///
/// `description` makes the text; `kind` is what an exit code is chosen by.
package struct FormatError: Error, Hashable, Sendable {
  /// The file or folder at fault, as the caller named it.
  package let path: String
  /// The failure.
  package let reason: Reason

  /// Blames `path` for `reason`.
  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// The side that has to act, which decides a command's exit code.
  package enum Kind: Hashable, Sendable {
    /// The path is absent, unreadable, or a folder without what was looked for: exit code 66.
    case missing
    /// The contents are corrupt, truncated, or of another kind: exit code 65.
    case invalid
    /// The file cannot be created or completed: exit code 73.
    case unwritable
  }

  /// A format whose name appears in messages.
  package enum Format: String, Hashable, Sendable {
    case gzip = "gzip"
    case idx = "IDX"
    case npy = "npy"
    case png = "PNG"
    case jpeg = "JPEG"
    case webP = "WebP"
    case bmp = "BMP"
    /// Any of those four.
    case picture = "PNG, JPEG, WebP or BMP"
    case cifar = "CIFAR-10"
    case pickle = "Python pickle"
    case csv = "CSV"
    case archive = "archive"
    case safetensors = "safetensors"
  }

  /// The operands of a failure, by its cause.
  package enum Reason: Hashable, Sendable {
    /// Nothing is at the path.
    case notFound
    /// A folder, device or pipe is where a file should be.
    case notRegularFile
    /// A file is where a folder should be.
    case notFolder
    /// The system refused to read; `code` is an `errno`.
    case unreadable(code: Int32)
    /// None of `names` is in any of `folders`.
    case noneFound(names: [String], folders: [String])
    /// No file in a folder has one of these extensions.
    case noPictures(extensions: [String])
    /// Not one of `count` pictures in a folder can be read; lines say why and name them.
    case noneReadable([String], count: Int)
    /// The system refused to write; `code` is an `errno`.
    case unwritable(code: Int32)
    /// The library that encodes the format refused; `message` is its own.
    case unencodable(Format, message: String)
    /// The first bytes are not the format's.
    case foreign(Format, leadingBytes: [UInt8])
    /// A picture of a format that is known and not read.
    case foreignPicture(ForeignPicture)
    /// The contents end before they should.
    case truncated(Format, neededBytes: Int, foundBytes: Int)
    /// At least `excessBytes` follow the contents.
    case trailing(Format, excessBytes: Int)
    /// The picture is larger than any that is read.
    case tooManyPixels(Format, width: Int, height: Int, limit: Int)
    /// The file is longer than any of its kind that is read.
    case tooManyBytes(Format, found: Int, limit: Int)
    /// Sound, but holds something this program does not read.
    case unsupported(Format, what: String, value: String)
    /// The contents contradict the format or themselves.
    case corrupt(Format, Fault)
  }

  /// A contradiction inside a file.
  package enum Fault: Error, Hashable, Sendable {
    /// The compressed data stop in the middle.
    case endsEarly
    /// The library that decodes the format refused; `message` is its own.
    case decoder(message: String)
    /// The header claims a length beyond the format's limit.
    case headerTooLong(byteCount: UInt64, limit: Int)
    /// The header is not what the grammar wants at `offset` (from the header's first byte).
    case syntax(offset: Int, expected: String)
    /// A name occurs twice.
    case duplicateKey(String)
    /// A tensor's description lacks a field.
    case missingField(tensor: String, field: String)
    /// A tensor's description has a field the format does not know.
    case unknownField(tensor: String, field: String)
    /// Extents whose product does not fit in an integer.
    case sizeOverflow(dimensions: [Int])
    /// A tensor's shape and type need another number of bytes than it is given.
    case sizeMismatch(tensor: String, neededBytes: Int, givenBytes: Int)
    /// A tensor does not begin where the one before it ended: a hole or an overlap.
    case misplaced(tensor: String, expectedOffset: Int, foundOffset: Int)
    /// A boolean tensor holds a byte other than 0 and 1.
    case notBoolean(tensor: String)
    /// The shape has a rank or an extent its use does not allow.
    case wrongShape(dimensions: [Int], expected: String)
    /// A picture without rows or columns.
    case emptyPicture(width: Int, height: Int)
    /// There are not as many labels as images.
    case labelCount(images: Int, labels: Int)
    /// Classes have fewer names than the labels use, or more than labels can tell apart; `allowed`
    /// is nil where there are no labels.
    case classNames(count: Int, allowed: ClosedRange<Int>?)
    /// The bytes have another SHA-256 digest than those that were published.
    case digest(found: String, published: String)
  }
}

extension FormatError {
  /// The side that has to act.
  package var kind: Kind {
    switch reason {
    case .notFound, .notRegularFile, .notFolder, .unreadable, .noneFound, .noPictures,
      .noneReadable:
      .missing
    case .unwritable, .unencodable: .unwritable
    case .foreign, .foreignPicture, .truncated, .trailing, .tooManyPixels, .tooManyBytes,
      .unsupported, .corrupt:
      .invalid
    }
  }
}
