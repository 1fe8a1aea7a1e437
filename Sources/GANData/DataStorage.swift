package import GANFormats

/// Elements of data at an address that stays, in memory or in a mapped file; its identity is that address.
// Sendable: the bytes are never written to, neither those of the array, which is the storage's own,
// nor those of the file, which is mapped to be read.
package final class DataStorage: @unchecked Sendable {
  /// All of them, as bytes.
  package let bytes: UnsafeRawBufferPointer

  private let owner: Owner

  private enum Owner {
    case array([UInt8])
    case file(MappedFile)
  }

  /// Keeps bytes in memory.
  package init(_ array: [UInt8]) {
    owner = .array(array)
    // The array's one allocation lives as long as `owner`.
    bytes = array.withUnsafeBytes { $0 }
  }

  /// Leaves bytes in a file.
  package init(_ file: MappedFile, _ place: Range<Int>) {
    owner = .file(file)
    bytes = UnsafeRawBufferPointer(rebasing: file.bytes[place])
  }

  /// True where they are in a file.
  package var isMapped: Bool {
    if case .file = owner { true } else { false }
  }

  /// The bytes as an array: free where they are one, else a copy in memory.
  package var array: [UInt8] {
    switch owner {
    case .array(let array): array
    case .file: [UInt8](bytes)
    }
  }
}
