import GANLearning
import GANNetworks

extension RunDiagnosis.Finding {
  /// The options to try, as flags of `gan train` for a new run with the options of this one; nil
  /// where none of those known to help can be set.
  package func advice(for options: TrainingOptions) -> [String]? {
    candidates(options).first { RunDiagnosis.isAccepted($0, by: options) }.map { assignments in
      assignments.flatMap { ["--set", "\($0.path)=\($0.value)"] }
    }
  }

  typealias Assignment = (path: String, value: String)

  /// What helps, the best first.
  private func candidates(_ options: TrainingOptions) -> [[Assignment]] {
    let penalty: [Assignment] = [("penalties", "[r1]")]
    let slower: [Assignment] = [("optimizer.discriminator.learningRate", slower(options))]
    let augmented: [Assignment] = [("augmentation", "[color,translation,cutout]")]
    let dropout: [Assignment] = [("discriminator.dropout", "0.3")]
    return switch kind {
    case .divergence: []
    case .saturation: [penalty, slower]
    case .overfitting, .copying: [augmented, penalty, dropout]
    case .stuckGenerator: [[("objective", "non-saturating")], penalty, slower]
    case .deadUnits:
      [
        [("generator.activation", "leaky-relu")],
        [("optimizer.generator.learningRate", slowerGenerator(options))],
      ]
    case .collapse: [[("packing", "2")], [("minibatchDeviation", "4")], penalty, slower]
    case .oscillation:
      [
        penalty, [("optimizer.generator.beta1", "0.5"), ("optimizer.discriminator.beta1", "0.5")],
        slower,
      ]
    case .noise: []
    case .settings: settings(options)
    case .tooFewSteps: []
    }
  }

  /// Half the generator's step size.
  private func slowerGenerator(_ options: TrainingOptions) -> String {
    "\(options.optimizer.generator.learningRate.start / 2)"
  }

  /// Half the discriminator's step size.
  private func slower(_ options: TrainingOptions) -> String {
    "\(options.optimizer.discriminator.learningRate.start / 2)"
  }

  private func settings(_ options: TrainingOptions) -> [[Assignment]] {
    if options.batchSize / options.packing == 1 {
      return [[("batchSize", "\(64 * options.packing)")]]
    }
    if options.penalties.contains(.wganGP), options.discriminator.normalization == .batch {
      return [[("discriminator.normalization", "layer")]]
    }
    return [
      [Penalty.r1, .r2].filter { options.penalties.contains($0) }
        .map { ("penalty.\($0.rawValue).interval", "1") }
    ]
  }
}

extension RunDiagnosis {
  /// Whether a run of these options would take other values, and they change it.
  static func isAccepted(
    _ assignments: [Finding.Assignment], by options: TrainingOptions
  ) -> Bool {
    guard !assignments.isEmpty else { return false }
    let run = RecordedRun(path: "", options: options, dataDir: nil)
    guard
      let settings = try? OptionSettings(
        assignments.map { OptionAssignment($0.path, $0.value, .flag("--set")) }, like: run)
    else { return false }
    var changed = settings.options
    // What this machine decides is no change.
    changed.threads = options.threads
    return changed != options && (try? changed.validate()) != nil
  }
}
