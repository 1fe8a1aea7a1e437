import Foundation

extension TrainingOptions {
  /// The end of the name of a run's folder: the data, the recipe, what differs from it, and the seed:
  /// `mnist-tutorial-hinge-seed0`.
  var runName: String {
    ([dataset, recipe] + differences + ["seed\(seed)"]).joined(separator: "-")
  }

  /// What is to be learnt, and how, where it is not as in the recipe; in words that a folder's name
  /// can have, not all of very many.
  private var differences: [String] {
    guard let recipe = try? Recipe.named(recipe).options else { return [] }
    var words: [String] = []
    var told: Set<String> = []
    for key in OptionKey.all where key.isNamed {
      let (now, before) = (key.value(in: self), key.value(in: recipe))
      guard now != before, key.appliesWhen?.holds(self) ?? true, !told.contains(key.path) else {
        continue
      }
      // What both players have in common is told once.
      if let other = key.otherPlayers, other.value(in: self) == now {
        told.insert(other.path)
        words += Self.words(key.path.lastName, now, before)
      } else {
        words += Self.words(key.path.shortName, now, before)
      }
    }
    let limit = 6
    let named = words.prefix(limit).map { String($0.prefix(40)) }
    return named + (words.count > limit ? ["and-\(words.count - limit)-more"] : [])
  }

  /// A difference in words: `hinge`, `no-r1`, `latentSize32`, `hidden16-16`.
  private static func words(_ name: String, _ now: OptionValue, _ before: OptionValue) -> [String] {
    switch now {
    case .flag(let isOn): return [isOn ? name : "no-\(name)"]
    case .text(let value) where value == "none": return ["no-\(name)"]
    case .text(let value) where value.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }):
      return [name.contains("-") ? "\(name)-\(value)" : value]
    case .list(let values):
      guard case .list(let earlier) = before else { break }
      // Names are added or missing; numbers belong together.
      if (values + earlier).allSatisfy({ if case .text = $0 { true } else { false } }) {
        return values.filter { !earlier.contains($0) }.map { plain($0.description) }
          + earlier.filter { !values.contains($0) }.map { "no-\(plain($0.description))" }
      }
      if let first = values.first, values.count == earlier.count,
        values.allSatisfy({ $0 == first })
      {
        return [name + plain(first.description)]
      }
      return [name + values.map { plain($0.description) }.joined(separator: "-")]
    case .null, .whole, .number, .text: break
    }
    return [name + plain(now.description)]
  }

  /// A text with only letters, digits, points and lines.
  private static func plain(_ text: String) -> String {
    String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
  }
}

extension OptionKey {
  /// The discriminator's option that is called like this one of the generator's.
  fileprivate var otherPlayers: OptionKey? {
    let other = path.replacing("generator.", with: "discriminator.")
    return other == path ? nil : OptionKey.all.first { $0.path == other }
  }
}

extension String {
  /// The last name of a path.
  fileprivate var lastName: String { split(separator: ".").last.map(String.init) ?? self }

  /// A path's last name, after the player or the penalty it belongs to.
  fileprivate var shortName: String {
    let names = split(separator: ".").filter { $0 != "optimizer" && $0 != "penalty" }
    return names.map { $0 == "generator" ? "g" : $0 == "discriminator" ? "d" : $0 }
      .joined(separator: "-")
  }
}
