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
    // A recipe for a toy world takes points of one's own as well.
    let isReplaced =
      choices.dataDir != nil && !isResuming && !isExplicit("dataset")
      && NamedDataset.named(choices.dataset)?.files == nil
    var source = DataSource(
      isReplaced ? DataSource.automatic : choices.dataset, in: choices.dataDir,
      framing: framingRequest, seed: options.seed,
      mirrors: MirrorList(choices.dataMirror), usesNetwork: usesNetwork, cache: cache)
    if isResuming { source.recordedClassCount = options.classCount }
    if NamedDataset.named(source.name)?.isPoints == true, isExplicit("imageSize") {
      throw .contradiction(
        "\(origin(of: "imageSize")) has no effect: \(source.name) are points")
    }
    return source
  }
}
