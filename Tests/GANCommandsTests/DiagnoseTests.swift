#if os(Linux)
  import Foundation
  import GANTestSupport
  import Testing

  extension CommandTests {
    @Suite("gan diagnose")
    struct DiagnoseTests {
      private let scratch: SmallMNIST

      init() throws { scratch = try SmallMNIST() }

      private func diagnose(_ arguments: String...) throws -> Program.Result {
        try Program.run(["diagnose"] + arguments, in: scratch.path)
      }

      @Test("A short run has its length to say, in words and in JSON; what is no run is refused")
      func short() throws {
        let run = ShortRun(scratch)
        #expect(try run.start().status == 0)
        let folder = try #require(run.folder)
        let words = try diagnose(folder)
        #expect(words.status == 0, "\(words.errors)")
        #expect(words.output.contains("the run was too short"))
        #expect(words.output.contains("docs/troubleshooting.md#too-few-steps"))
        let json = try diagnose(folder, "--json")
        let document = try #require(
          JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let keys: Set = [
          "run", "step", "totalSteps", "judgedFrom", "isFinished", "verdicts", "samples",
        ]
        #expect(Set(document.keys) == keys)
        #expect(document["step"] as? Int == 9 && document["isFinished"] as? Bool == true)
        #expect(((document["samples"] as? [String: Any])?["spread"] as? Double) != nil)
        #expect(try diagnose(scratch.path(of: "nothing")).status == 66)
        #expect(try diagnose("\(folder)/stats.jsonl").status == 66)
      }

      @Test("--on-collapse stop ends a collapsed run in words of its own, which then goes on")
      func collapse() throws {
        let run = ShortRun(scratch)
        let flags = [
          "--recipe", "photos-28", "--set", "architecture=mlp", "--set", "initialization=pytorch",
          "--set", "generator.hidden=[4,4,4]", "--set", "discriminator.hidden=[4]", "--set",
          "generator.normalization=none", "--set", "discriminator.normalization=none", "--set",
          "penalties=[]", "--set", "augmentation=[]", "--set", "average.halfLife=0", "--set",
          "optimizer.generator.learningRate=1e-9", "--image-size", "6", "--threads", "1",
        ]
        let stopped = try Program.run(
          ["train", "--data-dir", scratch.path, "--runs-dir", run.runs, "--steps", "3000"] + flags
            + ["--on-collapse", "stop"],
          in: scratch.path)
        #expect(stopped.status == 0, "\(stopped.errors)")
        #expect(stopped.errors.contains("warning: the generator makes nearly the same"))
        #expect(stopped.errors.contains("collapsed: stopping at step"))
        #expect(stopped.errors.contains("go on with: gan train --resume"))
        let folder = try #require(run.folder)
        let words = try diagnose(folder)
        #expect(words.output.contains("to try: gan train --config"), "\(words.output)")
        #expect(try run.resume(["--on-collapse", "stop"]).status == 0)
      }
    }
  }
#endif
