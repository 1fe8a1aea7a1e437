import Foundation
import GANTensor
import GANTestSupport
import Testing

/// Runs `Tests/Parity/gan_random.py`, an implementation that shares no line with ours.
@Suite(
  "NumPy rebuilds random numbers from the seed alone",
  .enabled(if: PythonPeer.canImport("numpy"), "python3 with numpy is not importable here"))
struct RandomParityTests {
  static let streams = [
    RandomStream(seed: 0, purpose: .epochOrder, step: 0),
    RandomStream(seed: .max, purpose: .syntheticImages, step: .max),
    RandomStream(seed: 0x0123_4567_89AB_CDEF, purpose: .generatorLatents, step: 0x1_0000_0007),
  ]

  @Test(arguments: streams, [(0, 0), (0, 1), (0, 1_001), (3, 6), (4_093, 517)])
  func allKindsAgreeToTheBit(stream: RandomStream, range: (first: Int, count: Int)) throws {
    let elements = range.first..<range.first + range.count
    let rebuilt = try PythonPeer.printed(
      by:
        """
        import numpy, gan_random as g
        stream, count, first = (\(stream.seed), \(stream.purpose.rawValue), \(stream.step)), \
        \(range.count), \(range.first)
        for values in (g.words(*stream, count, first), g.uniforms(*stream, count, first),
                       g.normals(*stream, count, first), g.permutation(*stream, count)):
            print(*values.view(numpy.uint32))
        """)
    let ours: [[UInt32]] = [
      elements.map(stream.word(at:)),
      elements.map { stream.uniform(at: $0).bitPattern },
      elements.map { stream.normal(at: $0).bitPattern },
      stream.permutation(count: range.count).map { UInt32($0) },
    ]
    let expected = ours.map { $0.map(String.init).joined(separator: " ") + "\n" }.joined()
    #expect(rebuilt == expected)
  }

  @Test func purposesHaveTheSameNumbers() throws {
    let theirs = try PythonPeer.printed(
      by: "import gan_random as g\nprint(*[int(p) for p in g.Purpose])")
    let ours = RandomPurpose.allCases.map { "\($0.rawValue)" }.joined(separator: " ")
    #expect(theirs == ours + "\n")
  }
}
