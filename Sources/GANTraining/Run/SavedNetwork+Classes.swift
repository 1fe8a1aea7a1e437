import GANNetworks

extension SavedNetwork {
  /// The labels for items of one class, by its number: that which its name is where classes are
  /// called by numbers, else its place from 0.
  ///
  /// - Throws: `OptionsError.unfit` if there is no such class, `.contradiction` if the generator is
  ///   told none.
  package func labels(_ label: Int) throws(OptionsError) -> ItemSampler.Labels {
    let classCount = try classCount(askedFor: "label \(label)")
    return .one(try place(ofClass: "\(label)", of: classCount, from: nil))
  }

  /// Reads which classes items are to be of: `each`, or one by its name, where the data have names,
  /// or by its number.
  ///
  /// Where classes are called by numbers, a number is a name: `1` may be the class `001`, and never
  /// the second one. Elsewhere it is a place, from 0.
  ///
  /// - Throws: As `labels(_:)`.
  package func labels(
    _ text: String, from origin: OptionOrigin
  ) throws(OptionsError) -> ItemSampler.Labels {
    let classCount = try classCount(askedFor: "\(origin) \(text)")
    if text == "each" { return .rows(classCount) }
    return .one(try place(ofClass: text, of: classCount, from: origin))
  }

  /// The name of a class, by its place from 0; nil where classes have no names.
  package func className(_ place: Int) -> String? {
    guard let names = options.classNames, names.indices.contains(place) else { return nil }
    return names[place]
  }

  private func place(
    ofClass text: String, of classCount: Int, from origin: OptionOrigin?
  ) throws(OptionsError) -> Int {
    let names = options.classNames ?? []
    if let place = names.firstIndex(of: text) { return place }
    let number = Int(text)
    let same = names.indices.filter { number != nil && Int(names[$0]) == number }
    if same.count == 1 { return same[0] }
    if let number, (0..<classCount).contains(number), !Self.areNumbers(names) { return number }
    throw .unfit(
      key: "label", value: text,
      requirement: (origin == nil ? "" : "each or ") + Self.requirement(text, names, classCount),
      origin: origin)
  }

  /// True where every class is called by a number.
  private static func areNumbers(_ names: [String]) -> Bool {
    !names.isEmpty && names.allSatisfy { Int($0) != nil }
  }

  /// The classes there are, in words.
  private static func requirement(_ text: String, _ names: [String], _ classCount: Int) -> String {
    guard let first = names.first else { return "a class from 0 to \(classCount - 1)" }
    guard areNumbers(names) else {
      let example = nearestName(to: text, among: names) ?? first
      return "a class from 0 to \(classCount - 1), or a name such as \(example)"
    }
    let listed = names.prefix(40).joined(separator: ", ") + (names.count > 40 ? ", ..." : "")
    return "a class of which there were images: \(listed)"
  }

  private func classCount(askedFor what: String) throws(OptionsError) -> Int {
    guard let count = network.classCount else {
      throw .contradiction(
        "\(what): this generator of the recipe \(options.recipe) is told no classes, as those of "
          + "cgan, acgan and projection are")
    }
    return count
  }
}
