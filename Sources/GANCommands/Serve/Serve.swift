import ArgumentParser
import Foundation
import GANRuntime
import GANServing
import GANTraining

/// `gan serve`.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a generator's images over HTTP.",
    discussion: """
      GET /sample?seed=3&count=8&format=png gives the image that gan sample --seed 3 --count 8 \
      writes; /interpolate moves; / is a page to try it, /openapi.json says everything. Prints the \
      address, and serves until Ctrl-C. On this machine alone unless --host names another address, \
      where a token is needed.
      """)

  @OptionGroup var source: GeneratorArguments

  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "n"))
  var port = 8000

  @Option(
    help: ArgumentHelp(
      "The address to listen on; 0.0.0.0 for every one of this machine's.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      """
      The secret that requests need, as Authorization: Bearer or ?token=. Elsewhere than on this machine \
      one is drawn where none is given; here none is needed.
      """, valueName: "text"))
  var token: String?

  @Option(help: ArgumentHelp("Connections at once.", valueName: "n"))
  var connections = 256

  func validate() throws {
    try checked(port, "--port", in: 0...65_535)
    try checked(connections, "--connections", in: 1...4_096)
    guard token.map({ (8...256).contains($0.utf8.count) }) ?? true else {
      throw ValidationError("--token must have from 8 to 256 characters")
    }
  }

  func run() throws {
    let generator = try source.generator()
    let service = try SampleService(generator, on: source.kind, threads: source.threads.count)
    var limits = ServerLimits()
    limits.connectionCount = connections
    let server: LocalServer
    do {
      server = try LocalServer(
        SampleRoutes(generator, service).router, host: host, port: port, access: access,
        limits: limits)
    } catch {
      throw CommandError(.unavailable, error.description, help: "--port 0 takes a free one")
    }
    print(server.address)
    try flushStandardOutput()
    withExtendedLifetime(server) {
      while true { pause() }
    }
  }

  /// Who may ask.
  private var access: LocalServer.Access {
    if let token { return .token(token) }
    return host == "127.0.0.1" || host == "localhost" ? .everyoneHere : .drawnToken
  }
}
