package import GANTensor

/// Named tensors and strings, as a safetensors file holds them.
///
/// Layout: the header's length (u64), a JSON header, the tensors' bytes, packed; all
/// little-endian. What is written loads with `safetensors.torch.load_file`.
/// - Source: Hugging Face, safetensors, "Format", github.com/huggingface/safetensors.
package struct SafetensorsFile: Hashable, Sendable {
  /// A tensor and its name.
  package struct Entry: Hashable, Sendable {
    /// Any text but `__metadata__`; no two entries share it.
    package let name: String
    /// The values.
    package let tensor: HostTensor
  }

  /// The strings of `__metadata__`; `format` is `pt` in every file written, as loaders expect.
  package var metadata: [String: String]

  /// The tensors: in the order of the bytes when read, of appending when made.
  package private(set) var entries: [Entry] = []

  private var positions: [String: Int] = [:]

  /// Collects tensors whose names differ.
  package init(
    metadata: [String: String] = [:], tensors: [(name: String, tensor: HostTensor)] = []
  ) {
    self.metadata = metadata
    for (name, tensor) in tensors { append(tensor, named: name) }
  }

  /// Adds a tensor under a new name.
  package mutating func append(_ tensor: HostTensor, named name: String) {
    precondition(name != Self.metadataKey, "\(name) is not a tensor's name")
    precondition(positions[name] == nil, "\(name) is there already")
    positions[name] = entries.count
    entries.append(Entry(name: name, tensor: tensor))
  }

  /// The tensor of that name.
  package subscript(name: String) -> HostTensor? { positions[name].map { entries[$0].tensor } }

  /// The key that names no tensor.
  static let metadataKey = "__metadata__"
  /// The key that tells loaders whose layout the tensors have, and our answer: PyTorch's.
  static let (formatKey, format) = ("format", "pt")
  /// The longest header read or written, as in the reference.
  static let headerLimit = 100_000_000
}

extension ElementType {
  /// The type's name in a header.
  var safetensorsName: String {
    switch self {
    case .float32: "F32"
    case .int64: "I64"
    case .int32: "I32"
    case .uint8: "U8"
    case .boolean: "BOOL"
    }
  }
}
