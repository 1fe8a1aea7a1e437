import GANFormats
import GANGraph
import GANNetworks
import GANTensor

extension SavedNetwork {
  /// Reads a generator's weights that another program saved: a PyTorch `nn.Sequential`'s.
  ///
  /// Names may have a prefix in common (`module.`, `main.`). Where they are not those of the layers they are
  /// taken in their order, if kinds and shapes then are as the layers have them. The count of batches that
  /// PyTorch's normalisation keeps may be missing: inference has no use for it.
  ///
  /// - Throws: `FormatError`; `TrainingError.foreign` where tensors are missing, or of other shapes.
  package init(foreign path: String, as wanted: ForeignNetwork) throws {
    let file = try SafetensorsFile(contentsOf: path)
    let types = wanted.network.tensorTypes
    let found = try ForeignTensors(file, path: path).matched(types, of: wanted.name)
    self.init(
      player: .generator, network: wanted.network,
      tensors: types.map { ($0.name, found[$0.name] ?? HostTensor(shape: .scalar, [0 as Int64])) },
      options: wanted.options, step: 0)
  }
}

/// The tensors of a file that another program wrote.
private struct ForeignTensors {
  let path: String
  /// By names without their common prefix, in the order of their layers.
  let entries: [(name: String, tensor: HostTensor)]

  private static let counter = ".num_batches_tracked"

  init(_ file: SafetensorsFile, path: String) throws {
    self.path = path
    let prefix = Self.commonPrefix(of: file.entries.map(\.name))
    entries = file.entries.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
      .sorted { Self.precedes($0.name, $1.name) }
  }

  /// The segments that all names begin with, up to the first number.
  private static func commonPrefix(of names: [String]) -> String {
    guard let first = names.first else { return "" }
    var prefix = ""
    for part in first.split(separator: ".", omittingEmptySubsequences: false).dropLast() {
      let longer = prefix + part + "."
      guard Int(part) == nil, names.allSatisfy({ $0.hasPrefix(longer) }) else { break }
      prefix = longer
    }
    return prefix
  }

  /// Layers by their numbers, and what is in one by name.
  private static func precedes(_ one: String, _ other: String) -> Bool {
    let (a, b) = (one.split(separator: "."), other.split(separator: "."))
    for (left, right) in zip(a, b) where left != right {
      if let first = Int(left), let second = Int(right) { return first < second }
      return left < right
    }
    return a.count < b.count
  }

  /// The tensors under the names that layers have.
  ///
  /// - Throws: `TrainingError.foreign`.
  func matched(
    _ types: [(name: String, type: TensorType)], of network: String
  ) throws -> [String: HostTensor] {
    let wanted = types.filter { !$0.name.hasSuffix(Self.counter) }
    let given = entries.filter { !$0.name.hasSuffix(Self.counter) }
    func foreign(_ reason: String) -> TrainingError {
      .foreign(path: path, reason: "\(reason); --network \(network) does not fit it")
    }
    guard wanted.count == given.count else {
      throw foreign(
        "it has \(given.count) tensors, the generator of \(network) \(wanted.count): "
          + list(given.map { "\($0.name) \($0.tensor.shape)" }))
    }
    let names = Dictionary(given.map { ($0.name, $0.tensor) }) { first, _ in first }
    let isNamed = wanted.allSatisfy { names[$0.name] != nil }
    // In one layer both are in the order of their names.
    let ordered = wanted.sorted { Self.precedes($0.name, $1.name) }
    var found: [String: HostTensor] = [:]
    for ((name, type), own) in zip(ordered, given) {
      let (source, tensor) = isNamed ? (name, names[name] ?? own.tensor) : own
      guard isNamed || lastPart(source) == lastPart(name) else {
        throw foreign("in the place of \(name) it has \(source)")
      }
      guard tensor.shape == type.shape else {
        throw foreign("its \(source) is \(tensor.shape), \(name) would be \(type.shape)")
      }
      guard tensor.elementType == type.elementType else {
        throw foreign("its \(source) has \(tensor.elementType), not \(type.elementType)")
      }
      found[name] = tensor
    }
    for (name, tensor) in entries where name.hasSuffix(Self.counter) && isNamed {
      found[name] = tensor
    }
    return found
  }

  private func lastPart(_ name: String) -> Substring? { name.split(separator: ".").last }

  private func list(_ words: [String]) -> String {
    words.prefix(8).joined(separator: ", ") + (words.count > 8 ? ", ..." : "")
  }
}
