import Dispatch
import Foundation
import Testing

@testable import GANCommands

@Suite("Signals that are taken over")
struct SignalSourceTests {
  @Test("A signal that comes right after it was taken over is heard")
  func heardAtOnce() throws {
    // One that nothing else here uses: programs started later inherit what becomes of it.
    let source = try #require(signalSource(SIGURG))
    defer { source.cancel() }
    let isHeard = DispatchSemaphore(value: 0)
    source.setEventHandler { isHeard.signal() }
    source.listen()
    kill(getpid(), SIGURG)
    let patience = DispatchTimeInterval.seconds(Int(Program.patience.components.seconds))
    #expect(isHeard.wait(timeout: .now() + patience) == .success)
  }
}
