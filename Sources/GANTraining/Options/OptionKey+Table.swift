import GANData
import GANLearning
import GANNetworks
import GANRuntime

extension OptionKey {
  /// The choices that decide a run, in the order in which they are printed.
  package static let choices: [OptionKey] = [
    OptionKey(
      "recipe", choice: \.recipe, .name([Recipe.automatic] + Recipe.all.map(\.name)),
      "What to start from; auto is what fits the data"),
    OptionKey("dataset", choice: \.dataset, .text, "Which data set; auto takes what there is"),
    OptionKey(
      "dataDir", choice: \.dataDir, .optional(.text),
      "Folder with the data set's files, or with pictures; or a packed file of them"),
    OptionKey(
      "dataMirror", choice: \.dataMirror, .optional(.text),
      "Where data are fetched from, instead of the known mirrors; none fetches nothing"),
    OptionKey(
      "imageSize", choice: \.imageSize, .imageSize,
      "What images are resized to: 32, 48x32 (rows, columns), or 1x32x32 (gray)"),
    OptionKey("runsDir", choice: \.runsDir, .text, "Where runs get their numbered folders"),
    OptionKey("device", choice: \.device, .text, "Where to compute"),
    OptionKey(
      "checkpointMinutes", choice: \.checkpointMinutes, .number(0..<1_000_000),
      "Minutes after which the state is saved beside the checkpoints of the schedule; 0 for never"),
    OptionKey(
      "mpi.timeout", choice: \.mpiTimeout, .number(1..<1_000_000),
      "Seconds that a rank may be silent before the others end"),
  ]

  /// Every option that a run records and that can be set, in the order in which they are printed.
  package static let all: [OptionKey] =
    [
      OptionKey(
        "objective", \.objective, .name(of: Objective.self), "What the players minimise"),
      OptionKey(
        "penalties", \.penalties, .names(of: Penalty.self),
        "What keeps the discriminator's slope in check"),
    ]
    + coefficients(.wganGP, \.penalty.wganGP.weight, \.penalty.wganGP.interval)
    + coefficients(.dragan, \.penalty.dragan.weight, \.penalty.dragan.interval)
    + coefficients(.r1, \.penalty.r1.weight, \.penalty.r1.interval)
    + coefficients(.r2, \.penalty.r2.weight, \.penalty.r2.interval)
    + coefficients(
      .approximateR1, \.penalty.approximateR1.weight, \.penalty.approximateR1.interval)
    + coefficients(
      .approximateR2, \.penalty.approximateR2.weight, \.penalty.approximateR2.interval)
    + coefficients(.leCam, \.penalty.leCam.weight, \.penalty.leCam.interval)
    + [
      OptionKey(
        "wasserstein.clip", \.wasserstein.clip, .number(positive),
        appliesWhen: Condition(words: "with --objective wasserstein and no penalty") {
          $0.clip != nil
        },
        "Bound of every discriminator parameter after each of its steps"),
      OptionKey(
        "batchSize", \.batchSize, .whole(1...65_536), isNamed: false, "Real images in an update"),
      OptionKey(
        "epochs", \.epochs, .optional(.whole(1...1_000_000_000)), absence: .value(.null),
        replaces: "steps", isNamed: false, "Passes over the data"),
      OptionKey(
        "steps", \.steps, .optional(.whole(1...1_000_000_000)), absence: .value(.null),
        replaces: "epochs", isNamed: false, "Steps, instead of epochs"),
      OptionKey(
        "seed", \.seed, .whole(0...Int128(UInt64.max)), isNamed: false,
        "Decides every random number"),
      OptionKey(
        "threads", \.threads, .whole(1...Int128(threadCounts.upperBound)), absence: .damage,
        isNamed: false, "Threads that compute; all processors by default"),
      OptionKey(
        "precision", \.precision, .name(of: Precision.self),
        "What products and convolutions multiply; all else is float32"),
      OptionKey(
        "discriminatorSteps", \.discriminatorSteps, .whole(1...1_000),
        "Discriminator updates in a step, each on a new batch"),
      OptionKey(
        "packing", \.packing, .whole(1...65_536),
        "Items that the discriminator judges together; divides batchSize"),
      OptionKey(
        "minibatchDeviation", \.minibatchDeviation, .whole(0...65_536),
        "Items in a group whose deviation the discriminator's last layer sees; 0 shows it none"),
      OptionKey("latentSize", \.latentSize, .whole(1...65_536), "Normals an image is made of"),
      OptionKey(
        "sharedLatents", \.sharedLatents, .flag,
        "Whether the generator's update judges the images of the discriminator's last one again"),
      OptionKey(
        "freshReals", \.freshReals, .flag,
        appliesWhen: Condition(words: "with --objective relativistic") {
          $0.objective.generatorJudgesReal
        },
        "Whether the generator's update draws real items of its own to be judged beside"),
      OptionKey(
        "architecture", \.architecture, .name(of: Architecture.self),
        "How both networks are arranged"),
      OptionKey(
        "blocks", \.blocks, .whole(1...64),
        appliesWhen: Condition(words: "with architecture r3gan") { $0.architecture == .r3gan },
        "Residual blocks for each of the hidden layers' widths"),
      OptionKey(
        "conditioning", \.conditioning, .name(of: Conditioning.self),
        "How both networks are told classes"),
      OptionKey(
        "initialization", \.initialization, .name(of: Initialization.self),
        "How the weights of both networks begin"),
      OptionKey(
        "horizontalFlip", \.horizontalFlip, .flag, "Random horizontal flips of real images"),
      OptionKey(
        "augmentation", \.augmentation, .names(of: Augmentation.self),
        "What happens to every image before the discriminator sees it"),
      OptionKey(
        "augmentationStrength", \.augmentationStrength, .schedule(Augmentation.strengthRange),
        appliesWhen: Condition(words: "with an augmentation") { !$0.augmentation.isEmpty },
        "How strongly images are augmented, from 0 to 1, the published code's"),
      OptionKey(
        "augmentationProbability", \.augmentationProbability,
        .schedule(Augmentation.probabilityRange),
        appliesWhen: Condition(words: "with an augmentation and without augmentationTarget") {
          !$0.augmentation.isEmpty && $0.augmentationTarget == nil
        },
        "How likely each change of an image is; 1 makes every one"),
      OptionKey(
        "augmentationTarget", \.augmentationTarget, .optional(.number(0..<1)),
        appliesWhen: Condition(words: "with an augmentation") { !$0.augmentation.isEmpty },
        "Overfitting of the discriminator, the mean sign of its logits of real images, to which the "
          + "probability of changes adapts, such as 0.6; null adapts none"),
      OptionKey(
        "augmentationImages", \.augmentationImages, .whole(1...1_000_000_000),
        appliesWhen: Condition(words: "with an augmentation and augmentationTarget") {
          !$0.augmentation.isEmpty && $0.augmentationTarget != nil
        },
        "Real images on which an adapted probability goes from 0 to 1"),
      OptionKey(
        "average.halfLife", \.average.halfLife, .schedule(AverageOptions.halfLifeRange),
        "Images after which a generator's weight in its moving average has halved; 0 keeps none"),
      OptionKey(
        "average.rampUp", \.average.rampUp, .number(nonnegative),
        appliesWhen: Condition(words: "with average.halfLife above 0") { $0.average.isOn },
        "Early on the half-life is this many times the images seen so far; 0 has it full at once"),
      OptionKey(
        "average.postHoc", \.average.postHoc, .flag, isNamed: false,
        "Whether snapshots are kept of which averages of any length are made after training"),
    ]
    + player("generator", \.generator.hidden, \.generator.activation, \.generator.normalization)
    + [
      OptionKey(
        "generator.dropout", \.generator.dropout, .number(0..<1),
        "Probability with which a hidden unit of the generator drops out")
    ]
    + player(
      "discriminator", \.discriminator.hidden, \.discriminator.activation,
      \.discriminator.normalization)
    + [
      OptionKey(
        "discriminator.dropout", \.discriminator.dropout, .number(0..<1),
        "Probability with which a hidden unit of the discriminator drops out")
    ]
    + adam(
      "generator", \.optimizer.generator.learningRate, \.optimizer.generator.beta1,
      \.optimizer.generator.beta2, \.optimizer.generator.epsilon)
    + adam(
      "discriminator", \.optimizer.discriminator.learningRate, \.optimizer.discriminator.beta1,
      \.optimizer.discriminator.beta2, \.optimizer.discriminator.epsilon)
    + [
      OptionKey(
        "batchStatistics", \.batchStatistics, .name(of: TrainingOptions.BatchStatistics.self),
        "What batch normalisation normalises by: the whole batch's statistics, or each rank's share's"
      ),
      OptionKey(
        "reduction.chunks", \.reduction.chunks, .whole(1...1_024), isNamed: false,
        "Parts of each sum over a batch, a power of two: numbers of ranks that divide it give the same "
          + "bits"),
      OptionKey(
        "reportInterval", \.reportInterval, .whole(1...1_000_000_000), isNamed: false,
        "Steps of an epoch between two reports"),
      OptionKey(
        "roundSteps", \.roundSteps, .whole(1...1_000_000_000), isNamed: false,
        "Steps of a round at least: shorter epochs share one line, picture and checkpoint"),
      OptionKey(
        "checkpointInterval", \.checkpointInterval, .whole(1...1_000_000_000), isNamed: false,
        "Rounds between two checkpoints; the end of the run always has one"),
      OptionKey(
        "keptCheckpoints", \.keptCheckpoints, .whole(1...1_000_000_000), isNamed: false,
        "The newest checkpoints that are kept"),
      OptionKey(
        "keptCheckpointInterval", \.keptCheckpointInterval, .whole(0...1_000_000_000),
        isNamed: false,
        "Rounds between two checkpoints that are kept however old; with 0 none are"),
      OptionKey(
        "keptMegabytes", \.keptMegabytes, .whole(0...1_000_000_000), absence: .value(.whole(0)),
        isNamed: false,
        "What checkpoints may take before older ones are thinned out, and pictures, and snapshots of "
          + "averages; 0 is no limit"),
      OptionKey(
        "previewCount", \.previewCount, .whole(1...4_096), isNamed: false,
        "Images in the grids of samples/"),
      OptionKey(
        "evaluation.interval", \.evaluation.interval, .optional(.whole(0...1_000_000_000)),
        isNamed: false,
        "Epochs between two evaluations, 0 for none; null leaves it to the data and the length"
      ),
      OptionKey(
        "evaluation.count", \.evaluation.count, .whole(100...1_000_000),
        appliesWhen: isEvaluated, isNamed: false,
        "Generated images in an evaluation, and as many real ones; at most half the data"),
      OptionKey(
        "evaluation.metric", \.evaluation.metric, .name(of: DecidingMetric.self),
        appliesWhen: isEvaluated, isNamed: false,
        "What decides which checkpoint is the best"),
    ]

  /// The keys in the JSON of options beside those that can be set: the decisions of the recipe, the
  /// data and the machine.
  package static let facts: [OptionKey] = [
    OptionKey("recipe", \.recipe, .text, absence: .damage, "The recipe the options started from"),
    OptionKey("dataset", \.dataset, .text, absence: .damage, "What the data are called"),
    OptionKey(
      "datasetCount", \.datasetCount, .whole(1...Int128(Int32.max)), absence: .damage,
      "Images, or points, in the data"),
    OptionKey(
      "itemShape", \.itemShape, .wholes(0...Int128(Int.max)), absence: .damage,
      "The shape of one item of the data"),
    OptionKey(
      "classCount", \.classCount, .optional(.whole(1...Int128(ImagePacker.classLimit))),
      absence: .value(.null), "Classes that the data tell apart"),
    OptionKey(
      "classNames", \.classNames, .optional(.list(.text)), "What the classes are called"),
    OptionKey(
      "device", \.device, .name(of: DeviceKind.self), absence: .damage, "Where the run computes"),
  ]

  private static var isEvaluated: Condition {
    Condition(words: "unless evaluation.interval is 0") { $0.evaluation.interval != 0 }
  }

  private typealias Place<Value> = any WritableKeyPath<TrainingOptions, Value> & Sendable

  /// The bound of numbers in single precision.
  private static let limit = 1e38
  private static let nonnegative = 0..<limit
  /// From the least number that single precision has in full: the guard of a division must not
  /// round to 0.
  private static let positive = Double(Float.leastNormalMagnitude)..<limit

  private static func coefficients(
    _ penalty: Penalty, _ weight: Place<ScheduledValue>, _ interval: Place<Int>
  ) -> [OptionKey] {
    let name = penalty.rawValue
    let isChosen = Condition(words: "with --penalty \(name)") { $0.penalties.contains(penalty) }
    return [
      OptionKey(
        "penalty.\(name).weight", weight, .schedule(PenaltyTerm.weightRange),
        appliesWhen: isChosen,
        "What the penalty \(name) is multiplied by"),
      OptionKey(
        "penalty.\(name).interval", interval, .whole(1...1_000_000), appliesWhen: isChosen,
        "Discriminator updates from one that has the penalty \(name) to the next"),
    ]
  }

  private static func player(
    _ name: String, _ hidden: Place<[Int]>, _ activation: Place<Activation>,
    _ normalization: Place<Normalization>
  ) -> [OptionKey] {
    [
      OptionKey(
        "\(name).hidden", hidden, .wholes(1...65_536),
        "Outputs, or channels, of each hidden layer of the \(name), from its input on; those of "
          + "architecture r3gan are below 8 or multiples of it"),
      OptionKey(
        "\(name).activation", activation, .name(of: Activation.self),
        "What follows each hidden layer of the \(name)"),
      OptionKey(
        "\(name).normalization", normalization, .name(of: Normalization.self),
        "What keeps the outputs, or the weights, of the \(name) in bounds"),
    ]
  }

  private static func adam(
    _ player: String, _ learningRate: Place<ScheduledValue>, _ beta1: Place<Double>,
    _ beta2: Place<ScheduledValue>, _ epsilon: Place<Double>
  ) -> [OptionKey] {
    let prefix = "optimizer.\(player)"
    return [
      OptionKey(
        "\(prefix).learningRate", learningRate, .schedule(AdamOptions.learningRateRange),
        "Step size of the \(player)'s optimiser"),
      OptionKey(
        "\(prefix).beta1", beta1, .number(0..<1),
        "How much of the \(player)'s mean gradient is kept each step"),
      OptionKey(
        "\(prefix).beta2", beta2, .schedule(AdamOptions.beta2Range),
        "How much of the \(player)'s mean squared gradient is kept each step"),
      OptionKey(
        "\(prefix).epsilon", epsilon, .number(positive),
        "What the root of the \(player)'s second moment has added, as in PyTorch"),
    ]
  }
}
