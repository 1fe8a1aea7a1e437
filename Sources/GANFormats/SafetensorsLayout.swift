package import GANTensor

/// The places of a safetensors file's tensors, and its strings: all but the tensors' bytes.
package struct SafetensorsLayout: Hashable, Sendable {
  /// A tensor and its place.
  package struct Place: Hashable, Sendable {
    /// The tensor's name.
    package let name: String
    /// The type of its elements.
    package let elementType: ElementType
    /// Its shape.
    package let shape: Shape
    /// The place of its bytes in the file.
    package let bytes: Range<Int>
  }

  /// The strings of `__metadata__`.
  package let metadata: [String: String]
  /// The tensors in the order of their bytes.
  package let places: [Place]

  /// Reads the header, and leaves the file before the first tensor's bytes.
  ///
  /// - Throws: `FormatError` as `SafetensorsFile(contentsOf:)`, but for what only the bytes tell.
  package init(of file: borrowing InputFile) throws(FormatError) {
    let path = file.path
    let headerBytes = try Self.header(of: file)
    let header: Header
    do throws(FormatError.Fault) {
      header = try Header(parsing: headerBytes)
    } catch {
      throw FormatError(path, .corrupt(.safetensors, error))
    }
    let described = header.tensors.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    metadata = header.metadata
    places = try Self.checked(
      described, from: 8 + headerBytes.count, byteCount: file.byteCount, path: path)
  }

  /// The place of the tensor of that name.
  package subscript(name: String) -> Place? { places.first { $0.name == name } }

  /// Reads the length and as many bytes.
  private static func header(of file: borrowing InputFile) throws(FormatError) -> [UInt8] {
    let prefix = try file.bytes(upTo: 8)
    guard prefix.count == 8 else {
      throw FormatError(
        file.path, .truncated(.safetensors, neededBytes: 8, foundBytes: prefix.count))
    }
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let headerLimit = SafetensorsFile.headerLimit
    guard length <= UInt64(headerLimit) else {
      throw FormatError(
        file.path,
        .corrupt(.safetensors, .headerTooLong(byteCount: length, limit: headerLimit)))
    }
    guard Int(length) <= file.byteCount - 8 else {
      throw FormatError(
        file.path,
        .truncated(.safetensors, neededBytes: 8 + Int(length), foundBytes: file.byteCount))
    }
    return try file.bytes(upTo: Int(length))
  }

  /// Checks types, sizes and places of tensors ordered by their place.
  private static func checked(
    _ tensors: [Header.Tensor], from dataOffset: Int, byteCount: Int, path: String
  ) throws(FormatError) -> [Place] {
    var types: [ElementType] = []
    var offset = 0
    for tensor in tensors {
      let elementType = ElementType.allCases.first { $0.safetensorsName == tensor.typeName }
      guard let elementType else {
        throw FormatError(
          path,
          .unsupported(.safetensors, what: "type of tensor \(tensor.name)", value: tensor.typeName))
      }
      if let fault = tensor.fault(at: offset, elementBytes: elementType.byteCount) {
        throw FormatError(path, .corrupt(.safetensors, fault))
      }
      types.append(elementType)
      offset = tensor.end
    }
    let dataBytes = byteCount - dataOffset
    guard offset <= dataBytes else {
      throw FormatError(
        path, .truncated(.safetensors, neededBytes: offset, foundBytes: dataBytes))
    }
    guard offset == dataBytes else {
      throw FormatError(path, .trailing(.safetensors, excessBytes: dataBytes - offset))
    }
    // Now that all ends are known to lie in the file, they can be added to.
    return zip(tensors, types).map { tensor, elementType in
      Place(
        name: tensor.name, elementType: elementType, shape: Shape(tensor.dimensions),
        bytes: dataOffset + tensor.begin..<dataOffset + tensor.end)
    }
  }
}

/// A header's claims, before they are checked.
private struct Header {
  struct Tensor: Equatable {
    let name: String
    let typeName: String
    let dimensions: [Int]
    let begin: Int
    let end: Int

    /// The fault in the tensor's size, or in its place after bytes that end at `offset`.
    func fault(at offset: Int, elementBytes: Int) -> FormatError.Fault? {
      guard let neededBytes = packedByteCount(dimensions, elementBytes: elementBytes) else {
        return .sizeOverflow(dimensions: dimensions)
      }
      guard begin == offset else {
        return .misplaced(tensor: name, expectedOffset: offset, foundOffset: begin)
      }
      guard end - begin == neededBytes else {
        return .sizeMismatch(tensor: name, neededBytes: neededBytes, givenBytes: end - begin)
      }
      return nil
    }
  }

  private(set) var metadata: [String: String] = [:]
  private(set) var tensors: [Tensor] = []

  init(parsing bytes: [UInt8]) throws(FormatError.Fault) {
    var scanner = HeaderScanner(bytes)
    var metadata: [String: String] = [:]
    var tensors: [Tensor] = []
    var hasMetadata = false
    var positions: [String: Int] = [:]
    try scanner.object(allowsRepetition: true) { name, scanner throws(FormatError.Fault) in
      if name == SafetensorsFile.metadataKey {
        guard !hasMetadata else { throw .duplicateKey(name) }
        hasMetadata = true
        if scanner.skipsNull() { return }
        try scanner.object { key, scanner throws(FormatError.Fault) in
          metadata[key] = try scanner.string()
        }
      } else {
        let tensor = try Self.tensor(named: name, &scanner)
        // Said twice it is one; the reference takes it, too.
        guard let known = positions[name] else {
          positions[name] = tensors.count
          tensors.append(tensor)
          return
        }
        guard tensors[known] == tensor else { throw .duplicateKey(name) }
      }
    }
    try scanner.end()
    (self.metadata, self.tensors) = (metadata, tensors)
  }

  private static func tensor(
    named name: String, _ scanner: inout HeaderScanner
  ) throws(FormatError.Fault) -> Tensor {
    var typeName: String?
    var dimensions: [Int]?
    var place: [Int]?
    try scanner.object { field, scanner throws(FormatError.Fault) in
      switch field {
      case "dtype": typeName = try scanner.string()
      case "shape": dimensions = try scanner.integers()
      case "data_offsets": place = try scanner.integers()
      default: throw .unknownField(tensor: name, field: field)
      }
    }
    guard let typeName else { throw .missingField(tensor: name, field: "dtype") }
    guard let dimensions else { throw .missingField(tensor: name, field: "shape") }
    guard let place, place.count == 2 else {
      throw .missingField(tensor: name, field: "data_offsets of two numbers")
    }
    return Tensor(
      name: name, typeName: typeName, dimensions: dimensions, begin: place[0], end: place[1])
  }
}
