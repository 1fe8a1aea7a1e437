import GANNetworks

extension SavedNetwork {
  /// Says that all items are to be of one class.
  ///
  /// - Throws: `OptionsError.unfit` where there is no such class, `.contradiction` where the
  ///   generator looks at none.
  package func labels(
    _ label: Int, from origin: OptionOrigin? = nil
  ) throws(OptionsError) -> ItemSampler.Labels {
    try labels("\(label)", from: origin)
  }

  /// Reads which classes items are to be of: `each`, or one by its name, where the data have names,
  /// or by its number from 0.
  ///
  /// - Throws: As `labels(_:from:)`.
  package func labels(
    _ text: String, from origin: OptionOrigin?
  ) throws(OptionsError) -> ItemSampler.Labels {
    guard let classCount = network.classCount else {
      throw .contradiction(
        "\(origin.map { "\($0) " } ?? "label ")\(text): this generator of the recipe "
          + "\(options.recipe) is told no classes, as those of cgan, acgan and projection are")
    }
    if text == "each" { return .rows(classCount) }
    let names = options.classNames ?? []
    if let label = names.firstIndex(of: text) { return .one(label) }
    guard let label = Int(text), (0..<classCount).contains(label) else {
      let nearest = nearestName(to: text, among: names)
      let classes = names.isEmpty ? "" : ", or a name such as \(nearest ?? names[0])"
      throw .unfit(
        key: "label", value: text,
        requirement: "each or a class from 0 to \(classCount - 1)\(classes)", origin: origin)
    }
    return .one(label)
  }
}
