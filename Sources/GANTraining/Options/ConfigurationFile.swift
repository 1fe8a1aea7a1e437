import GANFormats
import Yams

/// Options in a YAML file: the paths of `--set`, nested or with dots.
///
/// ```yaml
/// recipe: tutorial
/// batchSize: 50
/// optimizer:
///   generator: { learningRate: 1e-4 }
/// discriminator.hidden: [512, 256]
/// ```
///
/// What `--dry-run` prints is such a file. The `options.json` of a run is another kind: all options of
/// that run, to start from.
package struct ConfigurationFile: Sendable {
  /// Its assignments, in the order of its lines; none where it is a run's.
  package let assignments: [OptionAssignment]
  /// The run whose options it has; nil for a file that somebody wrote.
  package let run: RecordedRun?

  /// A key that every run records and no option has.
  private static let sign = "datasetCount"

  /// The greatest size of a configuration file, far above the need.
  static let byteLimit = 1_000_000
  /// The most aliases: each may double what the ones before it stand for.
  private static let aliasLimit = 8

  /// Reads a file.
  ///
  /// - Throws: `FormatError` of kind `missing`; `OptionsError.notConfiguration`, or `.unknown` for
  ///   a key that is no option.
  package init(contentsOf path: String) throws {
    let file = try InputFile(path: path)
    func refusal(_ reason: String, line: Int? = nil) -> OptionsError {
      .notConfiguration(path: path, line: line, reason: reason)
    }
    guard file.byteCount <= Self.byteLimit else {
      throw refusal("\(file.byteCount) bytes are too many for a configuration file")
    }
    guard
      let text = String(validating: try file.bytes(upTo: Self.byteLimit), as: UTF8.self)
    else { throw refusal("not UTF-8 text") }
    let mapping = try Self.mapping(in: text, path: path)
    guard !mapping.keys.contains(Node(Self.sign)) else {
      (assignments, run) = ([], try RecordedRun(optionsFile: path))
      return
    }
    (assignments, run) = (try Self.assignments(in: mapping, path: path), nil)
  }

  /// The mapping that a text in YAML is; an empty one of a text of comments alone.
  ///
  /// - Throws: `OptionsError.notConfiguration`.
  static func mapping(in text: String, path: String) throws(OptionsError) -> Node.Mapping {
    func refusal(_ reason: String, line: Int? = nil) -> OptionsError {
      .notConfiguration(path: path, line: line, reason: reason)
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "*") }) <= Self.aliasLimit else {
      throw refusal("more than \(Self.aliasLimit) aliases, which begin with *")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      let error = error as? YamlError
      throw refusal(error?.reason ?? "not YAML", line: error?.line)
    }
    guard let root, root.null == nil else { return Node.Mapping([]) }
    guard let mapping = root.mapping else { throw refusal("not a mapping", line: root.line) }
    return mapping
  }

  /// The assignments of a mapping, nested or with dots.
  ///
  /// - Throws: `OptionsError.notConfiguration`, or `.unknown` for a key that is no option.
  static func assignments(
    in mapping: Node.Mapping, path: String
  ) throws(OptionsError) -> [OptionAssignment] {
    var assignments: [OptionAssignment] = []
    try flatten(mapping, prefix: "", path: path, into: &assignments)
    return assignments
  }

  private static func flatten(
    _ mapping: Node.Mapping, prefix: String, path: String,
    into assignments: inout [OptionAssignment]
  ) throws(OptionsError) {
    for (keyNode, value) in mapping {
      let origin = OptionOrigin.file(path, line: keyNode.line)
      let name = prefix + (keyNode.scalar?.string ?? "?")
      func refusal(_ reason: String) -> OptionsError {
        .notConfiguration(path: path, line: keyNode.line, reason: reason)
      }
      guard keyNode.scalar?.string != "<<" else {
        throw refusal("a merge of keys (<<) is not taken: write its lines out")
      }
      if let earlier = assignments.first(where: { $0.path == name }) {
        throw refusal("\(name) occurs twice, nested and with dots: before in \(earlier.origin)")
      }
      let isGroup = OptionSettings.settablePaths.contains { $0.hasPrefix(name + ".") }
      guard isGroup || OptionSettings.settablePaths.contains(name) else {
        throw .unknown(
          key: name, nearest: nearestName(to: name, among: OptionSettings.settablePaths),
          origin: origin)
      }
      switch value {
      case .mapping(let nested) where isGroup:
        try flatten(nested, prefix: name + ".", path: path, into: &assignments)
      case .scalar(let scalar) where !isGroup:
        let text = value.null == nil ? scalar.string : "null"
        assignments.append(OptionAssignment(name, text, origin))
      case .sequence(let elements) where !isGroup:
        let texts = elements.map { $0.scalar?.string ?? "?" }
        assignments.append(OptionAssignment(name, texts, origin))
      default:
        let wanted = isGroup ? "a mapping of \(name).*" : "a value or a list of values"
        throw .unfit(key: name, value: value.kindWord, requirement: wanted, origin: origin)
      }
    }
  }
}

extension Node {
  fileprivate var line: Int { mark?.line ?? 1 }

  fileprivate var kindWord: String {
    switch self {
    case .scalar(let scalar): scalar.string
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension YamlError {
  /// The error, without its place.
  fileprivate var reason: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
      .composer(_, let problem, _, _):
      "not YAML: \(problem)"
    case .duplicatedKeysInMapping(let duplicates, _):
      "\(duplicates.joined(separator: ", ")) occurs twice"
    case .reader(let problem, _, _, _): "not YAML: \(problem)"
    default: "not YAML"
    }
  }

  /// The line of the fault, from 1.
  fileprivate var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: nil
    }
  }
}
