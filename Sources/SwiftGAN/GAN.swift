public import Foundation
import GANData
import GANEvaluation
import GANNetworks
import GANRuntime
import GANTensor
import GANTraining
import Synchronization

/// A trained generative adversarial network.
///
/// Trainings and sampling share one thread of the process, and as many helpers as the options ask
/// for. They take turns, step by step: any number of models train and sample at once, and whoever
/// waits is never blocked.
public struct GAN: Sendable {
  private let generator: SavedNetwork
  private let discriminator: SavedNetwork?

  /// The process's only engine: each would have threads of its own, and they would be in each
  /// other's way.
  static var engine: Engine {
    get throws {
      try sharedEngine.withLock { engine in
        if let engine { return engine }
        let started = try Engine()
        engine = started
        return started
      }
    }
  }

  /// Nil until it is first needed, and as long as the system gives it no thread.
  private static let sharedEngine = Mutex<Engine?>(nil)

  /// Finds what evaluations compare images by: in the user's cache, as `gan evaluate` does.
  private static var features: FeatureSearch {
    FeatureSearch(
      cache: DataCache(environment: ProcessInfo.processInfo.environment).map { FeatureCache($0) })
  }

  init(_ outcome: TrainingOutcome) {
    self.init(generator: outcome.generator, discriminator: outcome.discriminator)
  }

  private init(generator: SavedNetwork, discriminator: SavedNetwork?) {
    self.generator = generator
    self.discriminator = discriminator
  }

  /// Trains a generator and a discriminator against each other.
  ///
  /// The same options, data and number of threads give the same networks, to the bit. Cancel the
  /// task to stop after the step in progress. For previews, checkpoints and more see `training`.
  ///
  /// - Parameters:
  ///   - options: What to train, and for how long.
  ///   - data: What the generator is to imitate.
  ///   - report: Called every `options.reportInterval` steps.
  /// - Throws: `GANError` where an option is out of range, the run diverges, or threads are not to
  ///   be had; `CancellationError`; what `report` throws.
  public static func train(
    _ options: GANOptions, on data: TrainingSet,
    report: (TrainingProgress) throws -> Void = { _ in }
  ) async throws -> GAN {
    for try await event in try await training(options, on: data).events {
      switch event {
      case .report(let progress): try report(progress)
      case .finished(let gan): return gan
      case .prepared, .epoch, .evaluated, .missed, .stopped: break
      }
    }
    // The sequence ends early only where this task was cancelled.
    throw CancellationError()
  }

  /// Starts a training.
  ///
  /// Never on the caller's actor, for a folder's records need a digest of all of the data.
  ///
  /// - Parameters:
  ///   - options: What to train, and for how long.
  ///   - data: What the generator is to imitate.
  ///   - folder: Where the run gets a folder of its own, with its statistics, pictures, checkpoints
  ///     and networks, as `gan train` makes them; nil to write nothing.
  ///   - trained: A run's folder, or a checkpoint of one: the networks start as its newest ones, tensor
  ///     by tensor where names and shapes agree; nil to start as the seed says.
  /// - Throws: `GANError` where an option is out of range, the folder cannot be made, or nothing of
  ///   `trained` fits.
  @concurrent
  public static func training(
    _ options: GANOptions, on data: TrainingSet, in folder: String? = nil,
    from trained: String? = nil
  ) async throws -> Training {
    try inPublicWords {
      let resolved = try options.resolved(for: data)
      let start = try trained.map { try RunStart($0) }
      if let start,
        !Role.pair.contains(where: { start.account(of: $0, for: resolved).takenCount > 0 })
      {
        throw GANError(.mismatch, "no tensor of \(start.checkpoint.path) fits these networks")
      }
      guard let folder else {
        var request = TrainingRequest(resolved, on: data.items)
        request.start = start?.checkpoint
        try request.addJudge(features: features)
        return Training(try engine.training(request), in: nil)
      }
      try GeneratorJudge.check(resolved)
      let environment = RunEnvironment(threads: resolved.threads, dataset: data.items)
      let run = try RunFolder.create(in: folder, for: resolved, on: environment, from: start)
      var request = TrainingRequest(resolved, on: data.items, in: run)
      request.start = start?.checkpoint
      request.lock = try RunLock(run)
      try request.addJudge(features: features)
      return Training(try engine.training(request), in: run.path)
    }
  }

  /// Goes on with a training from its newest checkpoint, to the same bits as if it had never
  /// stopped.
  ///
  /// Never on the caller's actor, for all of the data are compared with those it was started with.
  ///
  /// - Parameters:
  ///   - folder: Of the run, as `Training.folder` or `gan train` names it.
  ///   - data: Those it was started with.
  ///   - epochs: A new length, no shorter than it had.
  /// - Throws: `GANError` where there is no run, its files are damaged, the data are others, or
  ///   somebody trains it already.
  @concurrent
  public static func resume(
    _ folder: String, on data: TrainingSet, epochs: Int? = nil
  ) async throws -> Training {
    try inPublicWords {
      let run = RunFolder(path: folder)
      let lock = try RunLock(run)
      let past = try StartedRun(run)
      guard epochs.map((1...1_000_000_000).contains) ?? true else {
        throw GANError(.invalidArgument, "a run has 1 to 1000000000 epochs, got \(epochs ?? 0)")
      }
      var assignments: [OptionAssignment] = []
      if let epochs { assignments.append(OptionAssignment("epochs", "\(epochs)", .program)) }
      let settings = try past.settings(assignments)
      try settings.options.validate()
      try past.check(settings)
      if try past.isFinished(settings.options) {
        return Training(finished: try GAN(inRun: run), in: folder)
      }
      try past.check(allowingDifferentBits: false)
      let environment = RunEnvironment(
        device: settings.options.device, threads: settings.options.threads, dataset: data.items,
        dataDir: past.environment.dataDir, optionOrigins: past.optionOrigins(settings))
      try past.check(data.items, on: environment)
      try past.prepare(settings.options, on: environment)
      var request = TrainingRequest(
        settings.options, on: data.items, in: run, from: past.checkpoint)
      request.start = past.start
      request.lock = lock
      try request.addJudge(features: features)
      return Training(try engine.training(request), in: folder)
    }
  }

  /// Reads what `save(to:)` wrote, a `generator.safetensors` of a run, a checkpoint, or the newest
  /// weights in a run's folder.
  ///
  /// - Throws: `GANError` where the file is missing, damaged, or not ours.
  public init(contentsOf path: String) throws {
    self = try inPublicWords {
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if isThere, isFolder.boolValue { return try GAN(inRun: RunFolder(path: path)) }
      return GAN(
        generator: try SavedNetwork(.generator, contentsOf: path), discriminator: nil)
    }
  }

  private init(inRun run: RunFolder) throws {
    self.init(
      generator: try run.savedNetwork(of: .generator),
      discriminator: try run.savedNetwork(of: .discriminator))
  }

  /// Generates images, or points.
  ///
  /// - Parameters:
  ///   - count: How many, 1 to 1,000,000.
  ///   - label: Of which class, from 0; nil for all classes in turn, where the generator is told
  ///     classes.
  ///   - seed: Decides them; more of one seed begin with the same ones.
  ///   - threads: Threads that compute; nil for as many as there are processors.
  /// - Throws: `GANError` where there is no such class or the generator is told none, for a count
  ///   out of range, where threads are not to be had; `CancellationError` at once where the task is
  ///   cancelled, whatever else is going on.
  public func samples(
    count: Int, label: Int? = nil, seed: UInt64 = 0, threads: Int? = nil
  ) async throws -> Samples {
    try await samples(
      count: count, label: label, latents: .drawn(seed: seed, .sampleLatents), threads: threads)
  }

  /// Generates images, or points, of given latents.
  ///
  /// - Parameters:
  ///   - latents: `latentSize` numbers for each, standard normals where the images are to look like
  ///     those the generator was trained to make.
  ///   - label: As above.
  ///   - threads: As above.
  /// - Throws: `GANError` also where a list has another length.
  public func samples(
    latents: [[Float]], label: Int? = nil, threads: Int? = nil
  ) async throws -> Samples {
    guard let wrong = latents.first(where: { $0.count != latentSize }) else {
      let tensor = HostTensor(shape: [latents.count, latentSize], latents.flatMap { $0 })
      return try await samples(
        count: latents.count, label: label, latents: .given(tensor), threads: threads)
    }
    throw GANError(
      .invalidArgument, "latents are \(latentSize) numbers each, got \(wrong.count)")
  }

  private func samples(
    count: Int, label: Int?, latents: ItemSampler.Latents, threads: Int?
  ) async throws -> Samples {
    let (counts, threadCounts) = (1...1_000_000, 1...1_024)
    guard counts.contains(count) else {
      throw GANError(.invalidArgument, "a call makes 1 to 1000000 samples, got \(count)")
    }
    guard threads.map(threadCounts.contains) ?? true else {
      throw GANError(.invalidArgument, "1 to 1024 threads compute, got \(threads ?? 0)")
    }
    return try await inPublicWords {
      Samples(
        try await Self.engine.samples(
          of: generator, count: count, labels: label.map { try generator.labels($0) },
          latents: latents, threads: threads ?? defaultThreadCount))
    }
  }

  /// How many classes the generator is told; nil where it is told none.
  public var classCount: Int? { generator.network.classCount }

  /// What the classes are called, where the data said so.
  public var classNames: [String]? { generator.options.classNames }

  /// Numbers that one image, or point, is made of.
  public var latentSize: Int { generator.network.inputShape.elementCount }

  /// Steps it was trained for.
  public var step: Int { generator.step }

  /// The generator as the bytes of a safetensors file under PyTorch's names.
  ///
  /// - Throws: `GANError`.
  public func safetensors() throws -> Data {
    try inPublicWords { Data(try generator.encoded()) }
  }

  /// Writes the generator as safetensors under PyTorch's names; `torch` and `gan sample` read it.
  ///
  /// - Throws: `GANError` where the file cannot be written.
  public func save(to path: String) throws { try inPublicWords { try generator.write(to: path) } }

  /// Writes the discriminator likewise; a GAN that was read from one file has none.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: `GANError` where the file cannot be written.
  @discardableResult
  public func saveDiscriminator(to path: String) throws -> Bool {
    try inPublicWords { try discriminator?.write(to: path) }
    return discriminator != nil
  }
}
