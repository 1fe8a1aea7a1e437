import Foundation
import GANFormats
import GANTensor

extension Mixture {
  /// Reads a mixture from a JSON file; see `docs/divergences.md` for the format.
  ///
  /// - Throws: `FormatError` of kind `missing` where there is no such file, `MixtureError` for
  ///   everything in it that is wrong.
  package init(contentsOf path: String) throws {
    let file = try InputFile(path: path)
    try self.init(json: file.bytes(upTo: file.byteCount), source: path)
  }

  /// Reads a mixture from JSON.
  ///
  /// - Parameters:
  ///   - json: The text, in UTF-8.
  ///   - source: What errors blame, and the mixture's name where the text gives none.
  /// - Throws: `MixtureError`.
  package init(json: [UInt8], source: String) throws(MixtureError) {
    let root: JSONValue
    do {
      root = try JSONDecoder().decode(JSONValue.self, from: Data(json))
    } catch let DecodingError.dataCorrupted(context) {
      let cause = context.underlyingError.map { " (\($0.localizedDescription))" } ?? ""
      throw MixtureError(source, .syntax(context.debugDescription + cause))
    } catch {
      throw MixtureError(source, .syntax(error.localizedDescription))
    }
    let reader = MixtureReader(source: source)
    let fields = try reader.object(root, at: "", keys: ["name", "components"])
    let name = try fields["name"].map { (value) throws(MixtureError) in
      try reader.text(value, at: "name")
    }
    let parts = try reader.list(fields["components"], at: "components")
    guard !parts.isEmpty else { throw MixtureError(source, .noComponents) }
    var dimension: Int?
    var components: [Component] = []
    for (index, part) in parts.enumerated() {
      components.append(try reader.component(part, index: index, dimension: &dimension))
    }
    try self.init(name: source, dimension: dimension ?? 1, components: components)
    if let name { self.name = name }
  }
}

/// Any JSON, to be looked at afterwards.
private enum JSONValue: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Its form in an error.
  var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): "\"\(value)\""
    case .list(let values): "a list of \(values.count)"
    case .object: "an object"
    }
  }
}

/// Takes values of the wanted types out of JSON and says where one is not.
private struct MixtureReader {
  let source: String

  /// One component; the first decides how many coordinates points have.
  func component(
    _ value: JSONValue, index: Int, dimension: inout Int?
  ) throws(MixtureError) -> Mixture.Component {
    let path = "components[\(index)]"
    let fields = try object(
      value, at: path, keys: ["weight", "mean", "deviation", "lower", "upper"])
    let weight = try number(fields["weight"], at: "\(path).weight")
    let isBox = fields["lower"] != nil || fields["upper"] != nil
    let (firstKey, secondKey) = isBox ? ("lower", "upper") : ("mean", "deviation")
    for stray in isBox ? ["mean", "deviation"] : [] where fields[stray] != nil {
      throw MixtureError(
        source, .unknownKey(path: "\(path).\(stray)", among: ["weight", "lower", "upper"]))
    }
    let first = try numbers(fields[firstKey], at: "\(path).\(firstKey)")
    var second = try numbers(fields[secondKey], at: "\(path).\(secondKey)")
    // One deviation serves every axis.
    if !isBox, second.count == 1 { second = first.map { _ in second[0] } }
    for coordinates in [first, second] {
      guard (1...2).contains(coordinates.count), coordinates.count == dimension ?? coordinates.count
      else {
        throw MixtureError(
          source, .dimension(component: index, expected: dimension, got: coordinates.count))
      }
      dimension = coordinates.count
    }
    return isBox
      ? .uniform(weight: weight, from: point(first, filler: 0), to: point(second, filler: 2))
      : .gaussian(
        weight: weight, mean: point(first, filler: 0), deviations: point(second, filler: 1))
  }

  private func point(_ coordinates: [Double], filler: Double) -> SIMD2<Double> {
    SIMD2(coordinates[0], coordinates.count > 1 ? coordinates[1] : filler)
  }

  func object(
    _ value: JSONValue, at path: String, keys: [String]
  ) throws(MixtureError) -> [String: JSONValue] {
    guard case .object(let fields) = value else {
      throw wrong(value, path.isEmpty ? "the text" : path, "an object")
    }
    if let stray = fields.keys.sorted().first(where: { !keys.contains($0) }) {
      let place = path.isEmpty ? stray : "\(path).\(stray)"
      throw MixtureError(source, .unknownKey(path: place, among: keys))
    }
    return fields
  }

  func list(_ value: JSONValue?, at path: String) throws(MixtureError) -> [JSONValue] {
    guard case .list(let values) = value else { throw wrong(value, path, "a list") }
    return values
  }

  func text(_ value: JSONValue, at path: String) throws(MixtureError) -> String {
    guard case .text(let text) = value else { throw wrong(value, path, "a text") }
    return text
  }

  func number(_ value: JSONValue?, at path: String) throws(MixtureError) -> Double {
    guard case .number(let number) = value else { throw wrong(value, path, "a number") }
    return number
  }

  /// A list of numbers, or one number for a list of one.
  func numbers(_ value: JSONValue?, at path: String) throws(MixtureError) -> [Double] {
    if case .number(let number) = value { return [number] }
    guard case .list(let values) = value else {
      throw wrong(value, path, "a number or a list of numbers")
    }
    var numbers: [Double] = []
    for (index, value) in values.enumerated() {
      numbers.append(try number(value, at: "\(path)[\(index)]"))
    }
    return numbers
  }

  private func wrong(_ value: JSONValue?, _ path: String, _ expected: String) -> MixtureError {
    MixtureError(source, .wrongValue(path: path, expected: expected, got: value?.summary))
  }
}
