import ArgumentParser
import GANPlayground
import GANServing
import GANTraining

/// `gan play`.
struct Play: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play with a GAN in the plane, in a browser: step by step, or as fast as it goes.",
    discussion: """
      The first line is the address to open; its token lets that browser in. Everything is computed \
      here, by the engine of gan train, and goes on when the tab is hidden. The page's address holds \
      every setting and the seed: a link shows the same game. Serves until Ctrl-C, on this machine \
      alone.
      """)

  @OptionGroup var page: PageArguments

  @Option(
    help: ArgumentHelp(
      "Threads that compute; one, as networks of this size gain nothing by more.", valueName: "t"))
  var threads = 1

  func validate() throws {
    try checked(threads, "--threads", in: threadCounts)
  }

  func run() async throws {
    let playground = Playground()
    var router = Router()
    PlayPages(playground).add(to: &router)
    let server = try page.serve(router)
    try page.announce(server)
    try await Engine().host(playground, startingWith: PlaySettings(), threads: threads)
    server.stop()
  }
}
