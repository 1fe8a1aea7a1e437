import ArgumentParser
import GANTraining

/// `gan trace`.
struct Trace: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record the first steps of a run so that any framework can replay them.",
    discussion: "Prints the file, whose tensors are named initial.*, step.<k>.* and final.*.")

  @OptionGroup var training: TrainingArguments
  @OptionGroup var data: DataArguments

  @Option(help: ArgumentHelp("Steps to record.", valueName: "n"))
  var steps = "20"

  @Option(
    name: .shortAndLong, help: ArgumentHelp("A safetensors file.", valueName: "path"),
    completion: .file(extensions: ["safetensors"]))
  var output = "trace.safetensors"

  @Flag(help: "Say nothing but errors.")
  var quiet = false

  func run() async throws {
    let settings = try training.settings(
      data.flags + [OptionAssignment(flag: "--steps", "steps", steps)])
    try settings.validate()
    let console = Console(isQuiet: quiet)
    try console.say("device: \(settings.options.deviceDescription)")
    let images = try data.load(settings, console)
    let options = try settings.options(for: images)
    try await Engine().trace(options, on: images, to: output, explain: Console.explain)
    print(output)
  }
}
