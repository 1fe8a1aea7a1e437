import ArgumentParser
import Foundation
import GANData
import GANServing

/// Flags of the commands that serve a page.
struct PageArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("The page's port on this machine; a free one by default.", valueName: "n"))
  var port = 0

  @Flag(help: "Open the page in a browser.")
  var open = false

  func validate() throws { try checked(port, "--port", in: 0...65_535) }

  /// True where one of them is there.
  var isGiven: Bool { port != 0 || open }

  /// Takes the port.
  ///
  /// - Throws: `CommandError` where another program has it.
  func listen() throws -> ListeningSocket {
    do {
      return try ListeningSocket(port: port)
    } catch {
      throw CommandError(.unavailable, error.description, help: "--port 0 takes a free one")
    }
  }

  /// Starts a server of pages that control nothing; on a port that is named, with the token that it had
  /// there before.
  ///
  /// - Throws: As `listen`.
  func serve(_ router: Router) throws -> LocalServer {
    let listener = try listen()
    guard port != 0 else { return LocalServer(router, on: listener) }
    let kept = KeptToken(port: port, in: .ofUser)
    return LocalServer(router, on: listener, access: .token(kept.text))
  }

  /// Prints the address, as one line on standard output, and how to reach it from elsewhere.
  ///
  /// - Parameter onStandardOutput: False where other lines go there.
  func announce(_ server: LocalServer, onStandardOutput: Bool = true) throws {
    if onStandardOutput {
      print(server.address)
      try flushStandardOutput()
    } else {
      Console.writeToStandardError("page: \(server.address)")
    }
    let port = server.port
    Console.writeToStandardError(
      "from another machine: ssh -L \(port):127.0.0.1:\(port) \(Self.hostName), then the same address there"
    )
    if open { openBrowser(at: server.address) }
  }

  private static var hostName: String {
    let name = ProcessInfo.processInfo.hostName
    return name.isEmpty || name == "localhost" ? "this-machine" : name
  }

  private func openBrowser(at address: String) {
    #if canImport(Darwin)
      let opener = "open"
    #else
      let opener = "xdg-open"
    #endif
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [opener, address]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.terminationHandler = { process in
      guard process.terminationStatus != 0 else { return }
      Console.writeToStandardError("\(opener) opens no browser here: open the address yourself")
    }
    do { try process.start() } catch {
      Console.writeToStandardError("no browser was opened: \(error.localizedDescription)")
    }
  }
}
