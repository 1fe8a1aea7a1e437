package import GANData

extension OptionSettings {
  /// The search for the data that these settings choose.
  ///
  /// - Parameters:
  ///   - cache: The folder of downloads and packed pictures.
  ///   - usesNetwork: False where nothing is to be fetched.
  /// - Throws: `OptionsError.contradiction` where a size is asked of points.
  package func dataSource(
    cache: DataCache?, usesNetwork: Bool = true
  ) throws(OptionsError) -> DataSource {
    let source = DataSource(
      choices.dataset, in: choices.dataDir, framing: framingRequest, seed: options.seed,
      mirrors: MirrorList(choices.dataMirror), usesNetwork: usesNetwork, cache: cache)
    if NamedDataset.named(source.name)?.isPoints == true, isExplicit("imageSize") {
      throw .contradiction(
        "\(origin(of: "imageSize")) has no effect: \(source.name) are points")
    }
    return source
  }
}
