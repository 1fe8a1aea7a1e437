import Foundation
import SwiftGAN

/// Trains and samples several models at once, as lines of standard input ask for; each answer is a
/// line of standard output that begins with the model's name.
///
///     train NAME EPOCHS        trains a small model on made-up digits, in a folder of its own
///     sample NAME COUNT        generates images with what NAME has learnt, as a PNG
///     stop NAME                ends the training after its step, with a checkpoint to sample from
///     resume NAME              goes on with it
///     cancel NAME              ends what is going on under that name
///     exit CODE                ends the process at once, whatever is going on
///
/// Its one argument is the folder for runs and pictures. At the end of its input it ends, too.
@main
struct Server {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: gan-server FOLDER\n".utf8))
      exit(64)
    }
    let models = try Models(in: arguments[1])
    for await line in Self.requests {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.dropFirst().first, words.dropFirst(2).first) {
      case ("train"?, let name?, let epochs): await models.train(name, epochs: epochs)
      case ("sample"?, let name?, let count): await models.sample(name, count: count)
      case ("stop"?, let name?, _): await models.stop(name)
      case ("resume"?, let name?, _): await models.resume(name)
      case ("cancel"?, let name?, _): await models.cancel(name)
      case ("exit"?, let code?, _): exit(Int32(code) ?? 64)
      default: say("server", "cannot \(line)")
      }
    }
  }

  /// The lines of standard input, read on a thread of their own.
  private static var requests: AsyncStream<String> {
    let (lines, continuation) = AsyncStream<String>.makeStream()
    Thread.detachNewThread {
      while let line = readLine() { continuation.yield(line) }
      continuation.finish()
    }
    return lines
  }
}

/// Prints a line as one piece, at once.
func say(_ name: String, _ words: String) {
  FileHandle.standardOutput.write(Data("\(name): \(words)\n".utf8))
}
