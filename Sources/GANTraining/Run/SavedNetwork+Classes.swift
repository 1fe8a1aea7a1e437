import GANNetworks

extension SavedNetwork {
  /// The labels for items of one class, by its number from 0.
  ///
  /// - Throws: `OptionsError.unfit` if there is no such class, `.contradiction` if the generator is
  ///   told none.
  package func labels(_ label: Int) throws(OptionsError) -> ItemSampler.Labels {
    let classCount = try classCount(askedFor: "label \(label)")
    guard (0..<classCount).contains(label) else {
      throw .unfit(
        key: "label", value: "\(label)", requirement: "from 0 to \(classCount - 1)", origin: nil)
    }
    return .one(label)
  }

  /// Reads which classes items are to be of: `each`, or one by its name, where the data have names,
  /// or by its number from 0.
  ///
  /// - Throws: As `labels(_:)`.
  package func labels(
    _ text: String, from origin: OptionOrigin
  ) throws(OptionsError) -> ItemSampler.Labels {
    let classCount = try classCount(askedFor: "\(origin) \(text)")
    if text == "each" { return .rows(classCount) }
    let names = options.classNames ?? []
    if let label = names.firstIndex(of: text) { return .one(label) }
    guard let label = Int(text), (0..<classCount).contains(label) else {
      let nearest = nearestName(to: text, among: names) ?? names.first
      let example = nearest.map { ", or a name such as \($0)" } ?? ""
      throw .unfit(
        key: "label", value: text,
        requirement: "each or a class from 0 to \(classCount - 1)\(example)", origin: origin)
    }
    return .one(label)
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
