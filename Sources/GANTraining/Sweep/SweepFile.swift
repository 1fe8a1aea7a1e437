import GANFormats
import Yams

extension SweepRequest {
  /// Reads a sweep from a YAML file.
  ///
  /// ```yaml
  /// name: objectives
  /// base: { recipe: tutorial, epochs: 20 }
  /// variants:
  ///   - { name: hinge, objective: hinge }
  ///   - { name: critic, objective: wasserstein, discriminatorSteps: 5 }
  /// vary:
  ///   learningRate: [1e-4, 2e-4]
  /// seeds: 0-4
  /// ```
  ///
  /// - Throws: `FormatError` of kind `missing`; `OptionsError.notConfiguration`, or `.unknown` for a key
  ///   that is no option.
  package init(contentsOf path: String) throws {
    let file = try InputFile(path: path)
    guard file.byteCount <= ConfigurationFile.byteLimit,
      let text = String(
        validating: try file.bytes(upTo: ConfigurationFile.byteLimit), as: UTF8.self)
    else {
      throw OptionsError.notConfiguration(
        path: path, line: nil, reason: "not a text of at most a megabyte")
    }
    try self.init(text, path: path)
  }

  /// Reads the text of such a file.
  init(_ text: String, path: String) throws {
    let root = try ConfigurationFile.mapping(in: text, path: path)
    func refusal(_ reason: String, _ node: Node) -> OptionsError {
      .notConfiguration(path: path, line: node.mark?.line ?? 1, reason: reason)
    }
    self.init(name: "sweep", base: [])
    for (key, value) in root {
      switch key.scalar?.string {
      case "name":
        guard let name = value.scalar?.string, Self.isName(name) else {
          throw refusal("a name has letters, digits, points and lines", value)
        }
        self.name = name
      case "base":
        guard let mapping = value.mapping else { throw refusal("base is a mapping", value) }
        base = try ConfigurationFile.assignments(in: mapping, path: path)
      case "variants":
        guard let nodes = value.sequence, nodes.count > 0 else {
          throw refusal("variants are a list", value)
        }
        variants = try nodes.map { try Self.variant($0, path: path) }
      case "vary":
        guard let mapping = value.mapping else { throw refusal("vary is a mapping", value) }
        axes = try mapping.map { try Self.axis($0.key, $0.value, path: path) }
      case "seeds":
        guard let text = value.scalar?.string, let seeds = Self.seeds(text) else {
          throw refusal("seeds are a list such as 0-4 or 0,3,7", value)
        }
        self.seeds = seeds
      default:
        throw refusal(
          "\(key.scalar?.string ?? "?") is none of name, base, variants, vary and seeds", key)
      }
    }
  }

  /// Seeds, as a list of numbers and ranges: `0-4,7`; nil for text that lists none.
  package static func seeds(_ text: String) -> [UInt64]? {
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { UInt64($0.filter { $0 != " " }) }
      switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
      case (1, let seed?, _): seeds.append(seed)
      case (2, let first?, let last?) where first <= last && last - first < 10_000:
        seeds += first...last
      default: return nil
      }
    }
    return Set(seeds).count == seeds.count ? seeds : nil
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.hasPrefix(".")
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }

  private static func variant(_ node: Node, path: String) throws -> Variant {
    guard var mapping = node.mapping else {
      throw OptionsError.notConfiguration(
        path: path, line: node.mark?.line ?? 1, reason: "a variant is a mapping of options")
    }
    let label = mapping["name"]?.scalar?.string
    mapping["name"] = nil
    return Variant(
      label: label, assignments: try ConfigurationFile.assignments(in: mapping, path: path))
  }

  private static func axis(_ key: Node, _ value: Node, path: String) throws -> Axis {
    guard let values = value.sequence, values.count > 0 else {
      throw OptionsError.notConfiguration(
        path: path, line: key.mark?.line ?? 1, reason: "an option that varies has a list of values")
    }
    return try Axis(
      values.map { value in
        // Each as a configuration file would have it.
        let mapping = Node.Mapping([(key, value)])
        return try ConfigurationFile.assignments(in: mapping, path: path)[0]
      })
  }
}
