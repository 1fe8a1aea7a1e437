#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension FormatError: CustomStringConvertible {
  /// One line, without `error:` and without a full stop.
  package var description: String {
    switch reason {
    case .notFound:
      "no such file or folder: \(path)"
    case .notRegularFile:
      "not a file: \(path)"
    case .notFolder:
      "not a folder: \(path)"
    case .unreadable(let code):
      "cannot read \(path): \(systemMessage(code))"
    case .noneFound(let names, let folders):
      "found neither \(names.joined(separator: " nor ")) in \(path) "
        + "(looked in \(folders.joined(separator: ", ")))"
    case .noPictures(let extensions):
      "no pictures in \(path) (looked for \(extensions.map { ".\($0)" }.joined(separator: ", ")))"
    case .noneReadable(_, let count):
      "none of the \(count) pictures in \(path) can be read"
    case .unwritable(let code):
      "cannot write \(path): \(systemMessage(code))"
    case .unencodable(let format, let message):
      "cannot write \(path): as \(format.rawValue): \(message)"
    case .foreign(let format, let leadingBytes):
      "file is not \(format.rawValue): \(path) (\(Self.spelledOut(leadingBytes)))"
    case .foreignPicture(let format):
      "\(format.rawValue) pictures are not read: \(path)"
    case .truncated(let format, let neededBytes, let foundBytes):
      "\(format.rawValue) file is truncated: \(path) "
        + "(needs \(neededBytes) bytes, has \(foundBytes))"
    case .trailing(let format, let excessBytes):
      "\(format.rawValue) file is too long: \(path) (at least \(excessBytes) bytes too many)"
    case .tooManyPixels(let format, let width, let height, let limit):
      "\(format.rawValue) file is too large: \(path) "
        + "(\(width) x \(height) pixels, the limit is \(limit) pixels)"
    case .tooManyBytes(let format, let found, let limit):
      "file is too large for \(format.rawValue): \(path) (\(found) bytes, the limit is \(limit))"
    case .unsupported(let format, let what, let value):
      "\(format.rawValue) file is not supported: \(path) (\(what) \(value))"
    case .corrupt(let format, let fault):
      "\(format.rawValue) file is corrupt: \(path) (\(fault))"
    }
  }

  private func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

  private static func spelledOut(_ bytes: [UInt8]) -> String {
    guard !bytes.isEmpty else { return "it is empty" }
    let last = bytes.count - 1
    return "bytes 00-\(last < 10 ? "0" : "")\(last) are "
      + bytes.map(\.hexadecimal).joined(separator: " ")
  }
}

extension FormatError.Fault: CustomStringConvertible {
  /// The words in the brackets after "is corrupt".
  package var description: String {
    switch self {
    case .endsEarly:
      "the compressed data end early"
    case .decoder(let message):
      message
    case .headerTooLong(let byteCount, let limit):
      "its header claims \(byteCount) bytes, the limit is \(limit)"
    case .syntax(let offset, let expected):
      "its header lacks \(expected) at offset \(offset)"
    case .duplicateKey(let key):
      "\(key) occurs twice"
    case .missingField(let tensor, let field):
      "tensor \(tensor) has no \(field)"
    case .unknownField(let tensor, let field):
      "tensor \(tensor) has an unknown field \(field)"
    case .sizeOverflow(let dimensions):
      "extents \(dimensions) overflow"
    case .sizeMismatch(let tensor, let neededBytes, let givenBytes):
      "tensor \(tensor) needs \(neededBytes) bytes, is given \(givenBytes)"
    case .misplaced(let tensor, let expectedOffset, let foundOffset):
      "tensor \(tensor) should begin at \(expectedOffset), begins at \(foundOffset)"
    case .notBoolean(let tensor):
      "tensor \(tensor) is BOOL but holds bytes other than 0 and 1"
    case .wrongShape(let dimensions, let expected):
      "shape \(dimensions), expected \(expected)"
    case .emptyPicture(let width, let height):
      "its picture is \(width) x \(height) pixels"
    case .labelCount(let images, let labels):
      "\(labels) labels for \(images) images"
    case .classNames(let count, let allowed):
      "\(count) class names, "
        + (allowed.map { "where its labels need \($0.lowerBound) to \($0.upperBound)" }
          ?? "but no labels")
    case .digest(let found, let published):
      "its SHA-256 is \(found.prefix(16))..., not \(published.prefix(16))..."
    }
  }
}

extension UInt8 {
  /// Two lower-case hexadecimal digits.
  package var hexadecimal: String {
    (self < 16 ? "0" : "") + String(self, radix: 16)
  }
}
