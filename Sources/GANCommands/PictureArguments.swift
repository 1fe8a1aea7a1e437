import ArgumentParser
import GANData

/// The flags for a folder's pictures; `data pack` and `data inspect` share them.
struct PictureArguments: ParsableArguments {
  /// The treatment of pictures that cannot be read.
  enum Unreadable: String, CaseIterable, ExpressibleByArgument {
    case skip, refuse
  }

  @Option(
    help: ArgumentHelp(
      "What transparent pixels are laid on: white (the default), black or six hexadecimal digits.",
      valueName: "colour"))
  var background: String?

  @Option(
    help: ArgumentHelp(
      "What to do with pictures that cannot be read; skip is the default.", valueName: "choice"))
  var unreadable: Unreadable?

  /// The request in a size, on the background.
  ///
  /// - Throws: `CommandError` if either is malformed.
  func request(sized imageSize: String) throws(CommandError) -> FramingRequest {
    guard var request = FramingRequest(imageSize) else {
      throw CommandError(
        .usage, "--image-size \(imageSize): must be \(FramingRequest.requirement)")
    }
    guard let background else { return request }
    guard let colour = ImageFraming.Background(background) else {
      throw CommandError(
        .usage, "--background \(background): must be white, black or six hexadecimal digits")
    }
    request.background = colour
    return request
  }

  /// A packer of pictures that follows the flags.
  func packer(
    of folder: ImageFolder, named name: String, _ request: FramingRequest
  ) -> ImagePacker {
    ImagePacker(
      folder, named: name, framing: request.framing(for: folder),
      refusesUnreadable: unreadable == .refuse)
  }

  /// Checks that no flag is given for data that are not a folder of pictures.
  func requireNone(for source: String) throws(CommandError) {
    let given = background.map { "--background \($0)" } ?? unreadable.map { "--unreadable \($0)" }
    guard let given else { return }
    throw CommandError(
      .badOptions, "\(given) has no effect: \(source) is not a folder of pictures")
  }
}
