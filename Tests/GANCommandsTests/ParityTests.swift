import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  /// Runs `Tests/Parity/run_parity.py`, which replays traces in PyTorch and says by itself what is
  /// good.
  @Suite(
    "PyTorch replays our traces", .enabled(if: Peer.missing == nil, "\(Peer.missing ?? "")"))
  struct ParityTests {
    @Test("Every step of every trace is PyTorch's step, and PyTorch loads our generators")
    func replay() throws {
      let data = try #require(RealMNIST.folder)
      let result = try PythonPeer.run(
        ["run_parity.py", "--gan", Program.executable.path(), "--data-dir", data]
          + (Campaign.isWhole ? ["--whole"] : []))
      print(result.text)
      #expect(result.status == 0, "\(result.text)")
    }

    @Test(
      "The judges of traces and of samples condemn planted faults",
      arguments: ["test_replay.py", "test_judge_samples.py"])
    func judge(tests: String) throws {
      let result = try PythonPeer.run([tests])
      #expect(result.status == 0, "\(result.text)")
    }
  }
}

/// The other framework and what it needs, where this machine has it.
private enum Peer {
  /// Why the suite cannot run, if it cannot.
  static let missing = PythonPeer.missing("numpy, safetensors, torch")
}
