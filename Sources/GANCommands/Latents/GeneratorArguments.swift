import ArgumentParser
import GANRuntime
import GANTraining

/// The flags of commands that take a trained generator of images.
struct GeneratorArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights or a checkpoint of it.", valueName: "run"),
    completion: .file())
  var path: String

  @Flag(help: "Of a run, the best checkpoint that its evaluations chose.")
  var best = false

  @OptionGroup var networks: NetworkArguments

  @OptionGroup var threads: ThreadArguments

  @Option(help: "Where to compute: \(deviceRequirement).", completion: .list(deviceNames))
  var device = "auto"

  /// The device.
  var kind: DeviceKind { DeviceKind(rawValue: device) ?? .fastest }

  /// Reads the generator.
  ///
  /// - Throws: `CommandError` where it makes points.
  func generator() throws -> SavedNetwork {
    try checkDevice(device, from: .flag("--device"))
    let generator = try networks.savedNetwork(.generator, at: path, best: best)
    warnIfUnsealed(generator, at: path)
    guard generator.options.makesImages else {
      throw CommandError(.badOptions, "\(path) generates points, which have no pictures")
    }
    return generator
  }
}
