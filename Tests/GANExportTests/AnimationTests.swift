import Foundation
import GANExport
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("Animations")
struct AnimationTests {
  private static let missing = PythonPeer.missingModules("numpy, PIL")

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let frames: [PixelImage]
    let rate: Int

    /// - Parameter sample: Of a frame, row, column and channel.
    init(
      _ name: String, _ width: Int, _ height: Int, channels: Int, count: Int, rate: Int,
      _ sample: (inout SplitMix) -> UInt8
    ) {
      var random = SplitMix(seed: UInt64(width * height))
      testDescription = name
      self.rate = rate
      frames = (0..<count).map { _ in
        PixelImage(
          width: width, height: height, channels: channels,
          pixels: (0..<width * height * channels).map { _ in sample(&random) })
      }
    }
  }

  /// Noise fills GIF's table of codes more than once; few values make long codes.
  @Test(
    "Pillow reads every frame of every form as it was, and as long as it was to be shown",
    .enabled(if: missing == nil, "\(missing ?? "")"),
    arguments: [
      Case("gray noise", 97, 83, channels: 1, count: 3, rate: 24) { $0.choice(Array(0...255)) },
      Case("two grays", 64, 64, channels: 1, count: 5, rate: 50) { $0.choice([0, 255]) },
      Case("a pixel", 1, 1, channels: 1, count: 1, rate: 1) { _ in 7 },
      Case("a row", 300, 1, channels: 1, count: 30, rate: 7) { $0.choice([9, 80, 81]) },
      Case("coloured noise", 31, 45, channels: 3, count: 3, rate: 10) { $0.choice(Array(0...255)) },
      Case("few colours", 40, 30, channels: 3, count: 4, rate: 20) { $0.choice([0, 17, 255]) },
    ])
  func frames(test: Case) throws {
    let scratch = try SmallMNIST()
    let animation = Animation(frames: test.frames, rate: test.rate)
    let paths = try Animation.Form.allCases.map { form in
      let path = scratch.path(of: "film.\(form.rawValue)")
      try AtomicFile.write(animation.encoded(as: form), to: path)
      return path
    }
    let first = test.frames[0]
    let samples = test.frames.flatMap { $0.pixels.map(Float.init) }
    try Npy.write(
      HostTensor(
        shape: [test.frames.count, first.height, first.width, first.channels], samples),
      to: scratch.path(of: "frames.npy"))
    let milliseconds = "\(1_000 * Double(test.frames.count) / Double(test.rate))"
    let result = try PythonPeer.run(
      ["animation_frames.py", scratch.path(of: "frames.npy"), milliseconds] + paths)
    #expect(result.status == 0, "\(result.text)")
  }

  @Test("Extents that a form does not have are refused")
  func extents() throws {
    let wide = PixelImage(
      width: 16_384, height: 1, channels: 1, pixels: [UInt8](repeating: 0, count: 16_384))
    let animation = Animation(frames: [wide], rate: 1)
    #expect(throws: ExportError.self) { try animation.encoded(as: .webp) }
    #expect(try animation.encoded(as: .gif).starts(with: Array("GIF89a".utf8)))
  }
}
