#if os(Linux)
  import Foundation
  import GANTestSupport
  import Synchronization
  import Testing

  extension CommandTests {
    @Suite("A disk that takes no more harms nothing, and with room again the run goes on")
    struct DiskTests {
      private let scratch: SmallMNIST
      private let undisturbed: RunContents

      init() throws {
        scratch = try SmallMNIST()
        undisturbed = try ShortRun.undisturbed.get()
      }

      @Test(
        "Full from any change on, or failing at it, the run exits with 73 and says what it lacks",
        arguments: [
          (act: Change.Act.full, reason: ": No space left on device\n"),
          (act: .fails, reason: ": Input/output error\n"),
        ])
      func fullDisk(act: Change.Act, reason: String) async throws {
        let changes = try ShortRun.changes.get()
        // One in four, another fourth for each act.
        let cases = Campaign.share(of: changes, every: 4, from: act == .full ? 0 : 1)
          // What cannot be removed may stay.
          .filter { $0.call != "unlink" }
          .map { Change(place: $0.place, act: act) }
        let refused = Atomic(0)
        let found = await faults(in: cases) { [scratch, undisturbed] change in
          let run = ShortRun(scratch, runs: "\(change.act)-\(change.place)")
          let result = try run.start(environment: run.disturbed(by: change))
          // After the last changes nothing may need room.
          guard run.isRefused else {
            return (result.status == 0 ? [] : ["exits with \(result.status): \(result.errors)"])
              + (try run.faults(comparedWith: undisturbed))
          }
          refused.add(1, ordering: .relaxed)
          var faults = try run.faults(comparedWith: undisturbed)
          let lines = result.errors.split(separator: "\n")
          if result.status != 73 || result.isKilled
            || lines.filter({ $0.hasPrefix("error: cannot write ") }).count != 1
            || !result.errors.hasSuffix(reason)
          {
            faults.append("exits with \(result.status): \(result.errors)")
          }
          return faults
        }
        #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        // A call that fails was made and refused; that the disk is full shows in the next that needs room.
        let least = act == .fails ? cases.count : cases.count / 2
        #expect(refused.load(ordering: .relaxed) >= least)
      }

      @Test(
        "A real disk of 3 MB, filled by a run, emptied, filled again",
        .enabled(if: Disk.isPossible, "only root can mount a small disk"))
      func smallDisk() throws {
        let disk = try Disk(scratch.path(of: "disk"), megabytes: 3)
        // 0.3 MB a checkpoint, all of which are kept.
        let flags = [
          "--latent-size", "64", "--set", "generator.hidden=[256]",
          "--set", "keptCheckpointInterval=1", "--set", "epochs=8",
        ]
        let whole = ShortRun(scratch, runs: "whole")
        #expect(try whole.start(flags).status == 0)
        let run = ShortRun(scratch, runs: "disk/runs")
        for megabytes in [2, 1] {
          let ballast = try disk.fill(megabytes: megabytes)
          let result = try run.folder == nil ? run.start(flags) : run.resume()
          #expect(result.status == 73)
          #expect(result.errors.contains("error: cannot write \(run.runs)/"))
          #expect(result.errors.hasSuffix(": No space left on device\n"))
          try FileManager.default.removeItem(atPath: ballast)
        }
        try disk.makeReadOnly(true)
        let result = try run.resume()
        #expect(result.status == 73)
        #expect(result.errors.hasSuffix(": Read-only file system\n"))
        try disk.makeReadOnly(false)
        #expect(try run.faults(comparedWith: RunContents(of: #require(whole.folder))).isEmpty)
      }

      @Test("Standard output on a full disk is an error, standard error on one is not")
      func fullOutputs() throws {
        let run = ShortRun(scratch)
        let command =
          "\(Program.executable.path()) train --data-dir \(scratch.path) --runs-dir runs "
          + "--steps 2 --threads 1 --hidden-size 2"
        for (redirection, status) in [
          ("--json-lines --quiet >/dev/full", 73), (">/dev/full", 73), ("2>/dev/full", 0),
          ("2>&-", 0), (">/dev/full --data-dir /nowhere", 66),
        ] as [(String, Int32)] {
          let result = try Program.run(
            executable: URL(filePath: "/bin/sh"), ["-c", "\(command) \(redirection)"],
            in: scratch.path)
          #expect(result.status == status, "\(redirection): \(result.errors)")
        }
        #expect(run.leftovers.isEmpty)
      }

      @Test("A reader of --json-lines that leaves ends the run quietly, and it can be resumed")
      func closedPipe() throws {
        let run = ShortRun(scratch, runs: "piped")
        let options =
          "--data-dir \(scratch.path) --runs-dir \(run.runs) --epochs 3 --threads 1 "
          + "--latent-size 2 --set generator.hidden=[3] --set discriminator.hidden=[] "
          + "--set keptCheckpoints=1 --set keptCheckpointInterval=2"
        let result = try Program.run(
          executable: URL(filePath: "/bin/sh"),
          ["-c", "\(Program.executable.path()) train --quiet --json-lines \(options) | head -1"],
          in: scratch.path)
        #expect(result.lines.count == 1)
        #expect(result.errors.isEmpty)
        #expect(try run.faults(comparedWith: undisturbed).isEmpty)
      }
    }
  }

  /// A small file system in memory, mounted for as long as the value lives.
  private final class Disk {
    private let path: String

    /// Whether this process may mount one.
    static let isPossible: Bool = {
      let folder = NSTemporaryDirectory() + "/gan-tests-" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      guard mkdir(folder, 0o777) == 0, mount("gan", folder, "tmpfs", 0, "size=64k") == 0 else {
        return false
      }
      return umount(folder) == 0
    }()

    init(_ path: String, megabytes: Int) throws {
      self.path = path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try #require(mount("gan", path, "tmpfs", 0, "size=\(megabytes)m") == 0)
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Takes room, and returns the file that takes it.
    func fill(megabytes: Int) throws -> String {
      let file = "\(path)/ballast"
      try Data(count: megabytes << 20).write(to: URL(filePath: file))
      return file
    }

    func makeReadOnly(_ isReadOnly: Bool) throws {
      let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
      let status = mount("gan", path, "tmpfs", flags, nil)
      try #require(status == 0, "\(String(cString: strerror(errno)))")
    }
  }
#endif
