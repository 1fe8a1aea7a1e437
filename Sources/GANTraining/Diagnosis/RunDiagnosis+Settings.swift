import GANLearning
import GANNetworks

extension RunDiagnosis {
  /// Options that are known to fail together, before anything is trained.
  package static func findings(of options: TrainingOptions) -> [Finding] {
    [rarePenalty, normalizedCritic, singleItems].compactMap { $0(options) }
      .map { Finding(.settings, $0, since: 0) }
  }

  /// A relativistic discriminator has no scale of its own between two updates with a penalty on
  /// generated items.
  ///
  /// - Source: Huang et al., "The GAN is dead; long live the GAN!", 2024, arXiv:2501.05441, which
  ///   takes both penalties in every update.
  private static func rarePenalty(_ options: TrainingOptions) -> String? {
    guard options.objective == .relativistic, options.penalties.contains(.r2) else { return nil }
    let rare = [Penalty.r1, .r2].filter {
      options.penalties.contains($0) && options.penalty[$0].interval > 1
    }
    guard let penalty = rare.first else { return nil }
    return "penalty.\(penalty.rawValue).interval is \(options.penalty[penalty].interval), and "
      + "relativistic with r2 needs its penalties in every update"
  }

  /// - Source: Gulrajani et al., "Improved Training of Wasserstein GANs", 2017, arXiv:1704.00028,
  ///   section 4: with batch statistics the gradient is not that of one item.
  private static func normalizedCritic(_ options: TrainingOptions) -> String? {
    guard options.penalties.contains(.wganGP), options.discriminator.normalization == .batch
    else { return nil }
    return "discriminator.normalization is batch, and wgan-gp is a penalty of one item's gradient"
  }

  private static func singleItems(_ options: TrainingOptions) -> String? {
    guard options.batchSize / options.packing == 1 else { return nil }
    return options.packing == 1
      ? "batchSize is 1: every update learns of one image"
      : "batchSize \(options.batchSize) is one pack of \(options.packing)"
  }
}
