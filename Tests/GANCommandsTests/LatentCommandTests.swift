import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("Latents on the command line")
  struct LatentCommandTests {
    private let scratch: SmallMNIST
    private let folder: String

    init() throws {
      scratch = try SmallMNIST()
      let run = ShortRun(scratch)
      try #require(run.start().status == 0)
      folder = try #require(run.folder)
    }

    /// The bytes of each item that a command writes.
    private func items(_ flags: String...) throws -> [[UInt8]] {
      let path = scratch.path(of: "items.npy")
      let result = try Program.run(["sample", folder, "-o", path] + flags, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      let array = try Npy.read(path)
      let size = array.bytes.count / array.dimensions[0]
      return (0..<array.dimensions[0]).map { Array(array.bytes[$0 * size..<($0 + 1) * size]) }
    }

    @Test("Image i of a seed never depends on how many there are, to the byte")
    func independence() throws {
      let all = try items("--count", "130", "--seed", "4")
      for count in [1, 2, 7, 99, 100, 101] {
        #expect(try items("--count", "\(count)", "--seed", "4") == Array(all.prefix(count)))
      }
    }

    @Test("A loop's ends are the single images, to the byte, and it moves in between")
    func loop() throws {
      let corners = try items("--count", "3", "--seed", "2")
      let path = try items("--count", "3", "--seed", "2", "--interpolate", "--frames", "5")
      #expect(path.count == 15)
      #expect((0..<3).allSatisfy { path[5 * $0] == corners[$0] })
      #expect(Set(path).count == 15)
    }

    @Test("Latents in a file give the images that a seed with the same ones gives")
    func file() throws {
      let stream = RandomStream(seed: 6, purpose: .sampleLatents, step: 0)
      let path = scratch.path(of: "latents.npy")
      try Npy.write(HostTensor(shape: [4, 2], (0..<8).map { stream.normal(at: $0) }), to: path)
      let expected = try items("--count", "4", "--seed", "6")
      #expect(try items("--latents", path) == expected)
      #expect(try items("--latents", path, "--count", "3") == Array(expected.prefix(3)))
    }

    @Test("Truncation has an effect, and none where nothing lies beyond it")
    func truncation() throws {
      let plain = try items("--count", "5")
      #expect(try items("--count", "5", "--truncation", "10") == plain)
      #expect(try items("--count", "5", "--truncation", "0.3") != plain)
    }

    @Test(
      "A loop and a film are written in every form, and a film shows each epoch's picture",
      arguments: ["gif", "webp", "apng"])
    func animations(form: String) throws {
      for arguments in [
        ["sample", folder, "--interpolate", "--count", "2", "--frames", "3"], ["film", folder],
      ] {
        let output = scratch.path(of: "\(arguments[0]).\(form)")
        let result = try Program.run(arguments + ["-o", output], in: scratch.path)
        #expect(result.status == 0 && result.output == "\(output)\n", "\(result.errors)")
        #expect(FileManager.default.fileExists(atPath: output))
      }
    }

    @Test("A video is made by the ffmpeg on the PATH, or refused where there is none")
    func video() throws {
      let output = scratch.path(of: "film.mp4")
      let none = try Program.run(
        ["film", folder, "-o", output], in: scratch.path, environment: ["PATH": "/nowhere"])
      #expect(none.status == 69 && none.errors.contains("ffmpeg"))
      // What it is told, and the bytes it gets, in place of a video.
      let program = scratch.path(of: "ffmpeg")
      let script = """
        #!/bin/sh
        for last; do :; done
        while [ "$1" != -i ]; do shift; done
        { wc -c <"$2"; } >"$last"
        """
      try script.write(toFile: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      let made = try Program.run(
        ["film", folder, "-o", output], in: scratch.path,
        environment: ["PATH": "\(scratch.path):/usr/bin:/bin"])
      #expect(made.status == 0, "\(made.errors)")
      let picture = try PNG.read(RunFolder(path: folder).fakeItems(epoch: 1, areImages: true))
      let text = try String(contentsOfFile: output, encoding: .utf8)
      let count = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
      #expect(count == 3 * picture.pixels.count)
    }

    @Test(
      "What does not go together is refused before anything is computed",
      arguments: [
        (["sample", "RUN", "--latents", "nothing.npy"], 66, "nothing.npy"),
        (["sample", "RUN", "--latents", "x", "--seed", "1"], 64, "--latents says all"),
        (["sample", "RUN", "--latents", "wrong.npy"], 65, "expected [N, 2]"),
        (["sample", "RUN", "--latents", "nan.npy"], 65, "latents of nan"),
        (["sample", "RUN", "--truncation", "0"], 64, "0.05 to 10"),
        (["sample", "RUN", "--frames", "3"], 64, "--frames is for"),
        (["sample", "RUN", "--interpolate", "--count", "1"], 64, "--count"),
        (["sample", "RUN", "-o", "a.gif"], 64, "move with --interpolate"),
        (["film", "RUN", "-o", "a.jpg"], 64, "a film is a file that ends in"),
        (["film", "RUN", "--rate", "0"], 64, "--rate"),
        (["film", "nothing"], 66, "nothing"),
      ] as [([String], Int32, String)])
    func refusals(arguments: [String], status: Int32, words: String) throws {
      try Npy.write(
        HostTensor(shape: [1, 3], [1, 2, 3] as [Float]), to: scratch.path(of: "wrong.npy"))
      try Npy.write(
        HostTensor(shape: [1, 2], [1, .nan] as [Float]), to: scratch.path(of: "nan.npy"))
      let result = try Program.run(
        arguments.map { $0 == "RUN" ? folder : $0 }, in: scratch.path)
      #expect(result.status == status && result.errors.contains(words), "\(result.errors)")
    }
  }
}
