/// What a sweep is to vary: every variant with every combination of values and every seed.
package struct SweepRequest: Sendable {
  /// Its name, which its folder's name has.
  package var name: String
  /// What every run has in common, the weakest first.
  package var base: [OptionAssignment]
  /// Sets of assignments that belong together; one without any where nothing is varied so.
  package var variants: [Variant] = [Variant(label: nil, assignments: [])]
  /// Options that get each of several values.
  package var axes: [Axis] = []
  /// The seeds of each; empty for that of the other options.
  package var seeds: [UInt64] = []

  /// The most runs of a sweep.
  package static let greatestCount = 10_000

  /// Assignments that belong together.
  package struct Variant: Sendable {
    /// What it is called; nil for what it assigns.
    package let label: String?
    package let assignments: [OptionAssignment]

    package init(label: String?, assignments: [OptionAssignment]) {
      (self.label, self.assignments) = (label, assignments)
    }
  }

  /// An option and the values it gets.
  package struct Axis: Sendable {
    package let values: [OptionAssignment]

    package init(_ values: [OptionAssignment]) { self.values = values }

    /// Reads `path=value,value`; commas within brackets belong to a value.
    ///
    /// - Throws: `OptionsError.notAnAssignment`.
    package init(_ text: String) throws(OptionsError) {
      let assignment = try OptionAssignment(assignment: text)
      var values = [""]
      var depth = 0
      for letter in assignment.text {
        if letter == ",", depth == 0 {
          values.append("")
          continue
        }
        depth += letter == "[" ? 1 : letter == "]" ? -1 : 0
        values[values.count - 1].append(letter)
      }
      self.init(values.map { OptionAssignment(assignment.path, $0, .flag("--vary \(text)")) })
    }
  }

  /// A run that is asked for.
  package struct Wish: Sendable {
    /// What tells its group from others, by options' paths, or `variant`.
    package let labels: [Label]
    package let assignments: [OptionAssignment]
  }

  /// A name and a value.
  package struct Label: Codable, Hashable, Sendable {
    package let name: String
    package let value: String
  }

  /// Creates a request.
  package init(name: String, base: [OptionAssignment]) { (self.name, self.base) = (name, base) }

  /// Every run, those of one group one after another, and the seed last.
  ///
  /// - Throws: `OptionsError.contradiction` where there are too many, or where the seed is varied twice.
  package func wishes() throws(OptionsError) -> [Wish] {
    guard !axes.contains(where: { $0.values.contains { $0.path == "seed" } }) else {
      throw .contradiction("seeds are listed apart, as in --seeds 0-4")
    }
    let counts = axes.map(\.values.count) + [variants.count, max(seeds.count, 1)]
    let count = counts.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard counts.allSatisfy({ (1...Self.greatestCount).contains($0) }),
      (1...Self.greatestCount).contains(count)
    else { throw .contradiction("a sweep has from 1 to \(Self.greatestCount) runs") }
    var wishes = variants.map { variant in
      let label =
        variant.label
        ?? variant.assignments.map { "\($0.path)=\($0.text)" }
        .joined(separator: " ")
      return Wish(
        labels: variants.count > 1 || variant.label != nil
          ? [Label(name: "variant", value: label)] : [],
        assignments: base + variant.assignments)
    }
    for axis in axes {
      wishes = wishes.flatMap { wish in
        axis.values.map { value in
          Wish(
            labels: wish.labels + [Label(name: value.path, value: value.text)],
            assignments: wish.assignments + [value])
        }
      }
    }
    guard !seeds.isEmpty else { return wishes }
    return wishes.flatMap { wish in
      seeds.map { seed in
        Wish(
          labels: wish.labels,
          assignments: wish.assignments + [OptionAssignment("seed", "\(seed)", .flag("--seeds"))])
      }
    }
  }
}
