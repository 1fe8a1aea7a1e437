import ArgumentParser
import GANExport
import GANFormats
import GANTraining

/// `gan export`.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained network, or a run's records, for other tools.",
    discussion: """
      --onnx writes a file that ONNX runtimes load. The generator takes latents, \
      [batch, L], and if it is told classes labels, int64 [batch]; it gives images, \
      [batch, C, H, W] in [-1, 1]. --tensorboard writes what a run recorded as TensorBoard \
      shows it. Prints the paths.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run's folder, or a file of weights or a checkpoint of it.", valueName: "run"),
    completion: .file())
  var path: String

  @OptionGroup var averages: AverageArguments
  @OptionGroup var networks: NetworkArguments

  @Option(
    help: ArgumentHelp("Write the generator as ONNX.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var onnx: String?

  @Flag(
    name: .customLong("uint8-rgb"),
    help: "Images of bytes in three channels, as scoring tools want them.")
  var uint8RGB = false

  @Flag(help: "The discriminator instead: images in, logits out.")
  var discriminator = false

  @Option(
    help: ArgumentHelp(
      "Write a run's numbers, samples and options for TensorBoard.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  func validate() throws {
    guard onnx != nil || tensorboard != nil else {
      throw ValidationError("name what to write: --onnx file or --tensorboard folder")
    }
    guard onnx != "", tensorboard != "" else {
      throw ValidationError("--onnx must name a file, --tensorboard a folder")
    }
    guard onnx != nil || !(uint8RGB || discriminator) else {
      throw ValidationError("--uint8-rgb and --discriminator are for --onnx")
    }
    guard averages.average == nil || onnx != nil else {
      throw ValidationError("--average is for --onnx")
    }
    guard !uint8RGB || !discriminator else {
      throw ValidationError("--uint8-rgb is for images, which --discriminator makes none of")
    }
  }

  func run() throws {
    if let onnx {
      let network = try networks.savedNetwork(
        discriminator ? .discriminator : .generator, at: path, average: averages.average)
      warnIfUnsealed(network, at: path)
      try ONNXFile(network, asBytes: uint8RGB).write(to: onnx)
      print(onnx)
    }
    if let tensorboard {
      guard isFolder(path) else {
        throw CommandError(
          .usage, "--tensorboard: \(path) is a file, and only a run's folder has records")
      }
      let run = RunFolder(path: path)
      let log = try TensorBoardLog(of: run, in: tensorboard)
      if try RunSummary(of: run).isFinished == true { try log.finish() }
      print(log.path)
    }
  }
}
