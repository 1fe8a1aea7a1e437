#if os(Linux)
  import Foundation
  import GANTestSupport
  import Testing

  extension CommandTests {
    @Suite("A limit of the system ends a command with its name, never by a signal or not at all")
    struct LimitTests {
      private let scratch: SmallMNIST

      init() throws { scratch = try SmallMNIST() }

      /// Runs the program after a shell's `ulimit`.
      private func limited(_ limits: String, _ arguments: [String]) throws -> Program.Result {
        try Program.run(
          executable: URL(filePath: "/bin/sh"),
          ["-c", "\(limits) && exec \"$0\" \"$@\"", Program.executable.path()] + arguments,
          in: scratch.path)
      }

      private func training(_ name: String, _ flags: [String] = []) -> [String] {
        [
          "train", "--data-dir", scratch.path, "--steps", "3", "--hidden-size", "4", "--runs-dir",
          scratch.path(of: name),
        ] + flags
      }

      @Test("With room for any number of threads it ends, with 0 or with 69", arguments: [1, 3])
      func threads(computing: Int) throws {
        let library = try Interposer.threads.get().path
        var isDone: [Bool] = []
        for limit in 0...16 {
          let result = try Program.run(
            training("runs-\(limit)", ["--threads", "\(computing)"]), in: scratch.path,
            environment: ["LD_PRELOAD": library, "THREADS_LIMIT": "\(limit)"])
          isDone.append(result.status == 0)
          guard result.status != 0 else { continue }
          #expect(!result.isKilled && result.status == 69, "\(limit): \(result.status)")
          #expect(
            result.errors.contains(/error: no room for [0-9]+ more threads?: .+\n/),
            "\(result.errors)")
          #expect(result.errors.contains("= help: raise the limit"))
          #expect(!result.errors.contains("--threads 1") || computing > 1)
        }
        // The more room, the better: once there is enough there always is.
        let enough = try #require(isDone.firstIndex(of: true))
        #expect(enough >= computing && isDone[enough...].allSatisfy(\.self), "\(isDone)")
      }

      @Test(
        "What waits for nothing needs no thread at all",
        arguments: [
          ["recipes", "list"], ["data", "list"], ["train", "--help"], ["info", "absent"],
        ])
      func noThreads(arguments: [String]) throws {
        let result = try Program.run(
          arguments, in: scratch.path,
          environment: ["LD_PRELOAD": try Interposer.threads.get().path, "THREADS_LIMIT": "0"])
        #expect(result.status == (arguments[0] == "info" ? 66 : 0), "\(result.errors)")
      }

      @Test("The doctor sees a lack of room, and what leaves none")
      func doctor() throws {
        let result = try Program.run(
          ["doctor"], in: scratch.path,
          environment: ["LD_PRELOAD": try Interposer.threads.get().path, "THREADS_LIMIT": "2"])
        #expect(result.status == 69)
        #expect(
          result.output.contains(/bad +threads +no room for [0-9]+ more threads/),
          "\(result.output)")
      }

      @Test("However small or large stacks are by default, threads get what they need")
      func stacks() throws {
        for size in ["256", "65536"] {
          let result = try limited("ulimit -s \(size)", training("runs-\(size)"))
          #expect(!result.isKilled && result.status == 0, "\(size): \(result.errors)")
        }
      }

      @Test("With room for any number of open files it ends, with 0 or with 69")
      func files() throws {
        for limit in [8, 12, 16, 20, 24, 32, 64] {
          let result = try limited("ulimit -n \(limit)", training("runs-\(limit)"))
          #expect(
            !result.isKilled && [0, 69].contains(result.status), "\(limit): \(result.errors)")
          guard result.status != 0 else { continue }
          #expect(limit < 64, "\(result.errors)")
          #expect(result.errors.contains("ulimit -n is \(limit)"), "\(result.errors)")
        }
        let soft = try limited("ulimit -S -n 12", training("runs-soft"))
        #expect(soft.status == 0, "what may be raised is: \(soft.errors)")
      }

      @Test("A file that may not grow is an error of writing, and the run goes on with more")
      func fileSize() throws {
        let arguments = training("runs", ["--hidden-size", "64"])
        // In blocks of 512 bytes: less than a checkpoint, more than the options.
        let result = try limited("ulimit -f 100", arguments)
        #expect(!result.isKilled && result.status == 73, "\(result.status): \(result.errors)")
        #expect(result.errors.contains("error: cannot write "), "\(result.errors)")
        let runs = scratch.path(of: "runs")
        let name = try #require(FileManager.default.contentsOfDirectory(atPath: runs).first)
        let resumed = try Program.run(["train", "--resume", "\(runs)/\(name)"], in: scratch.path)
        #expect(resumed.status == 0, "\(resumed.errors)")
      }

      @Test("Memory that the process may not have is refused before it is taken")
      func addresses() throws {
        // What the program itself takes of them, and 600 MB.
        let result = try limited(
          "ulimit -v 1200000",
          training("runs", ["--set", "generator.hidden=[8192,8192]", "--threads", "1"]))
        #expect(!result.isKilled && result.status == 69, "\(result.status): \(result.errors)")
        #expect(result.errors.contains("this machine has"), "\(result.errors)")
      }
    }
  }
#endif
