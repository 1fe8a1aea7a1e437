import CKernels
import GANTensor
import Testing

/// Each processor that runs this judges the clone of the loop that it would use. Optimised builds
/// have vectors in them; debug builds do not.
@Suite("Random kernels give the definition's bits")
struct RandomKernelTests {
  struct Range: Sendable, CustomTestStringConvertible {
    let first: UInt64
    let count: Int
    var testDescription: String { "\(count) from \(first)" }
  }

  /// Around the ends of blocks (4 elements), vectors (16 blocks), tiles (64) and the stream.
  static let ranges = [
    Range(first: 0, count: 0), Range(first: 0, count: 1), Range(first: 1, count: 1),
    Range(first: 2, count: 3), Range(first: 3, count: 2), Range(first: 5, count: 255),
    Range(first: 0, count: 256), Range(first: 0, count: 257), Range(first: 255, count: 514),
    Range(first: 256, count: 1_027), Range(first: 6_397, count: 1_601),
    Range(first: 1 << 34 - 261, count: 261),
  ]

  static let streams = [
    RandomStream(seed: 0, purpose: .epochOrder, step: 0),
    RandomStream(seed: .max, purpose: .syntheticImages, step: .max),
    RandomStream(seed: 0x0123_4567_89AB_CDEF, purpose: .generatorLatents, step: 0x1_0000_0007),
  ]

  @Test(arguments: streams, ranges)
  func wordsAreEqual(stream: RandomStream, range: Range) {
    let made = filled(with: UInt32(7), range: range) {
      ck_random_words(
        $0, range.count, stream.seed, stream.purpose.rawValue, stream.step, range.first)
    }
    #expect(made == expected(range, else: 7, stream.word(at:)))
  }

  @Test(arguments: streams, ranges)
  func uniformsAreEqual(stream: RandomStream, range: Range) {
    let made = filled(with: Float(7), range: range) {
      ck_random_uniforms(
        $0, range.count, stream.seed, stream.purpose.rawValue, stream.step, range.first)
    }
    let definition = expected(range, else: Float(7), stream.uniform(at:))
    #expect(made.map(\.bitPattern) == definition.map(\.bitPattern))
  }

  @Test(arguments: streams, ranges)
  func normalsAreEqual(stream: RandomStream, range: Range) {
    let made = filled(with: Float(7), range: range) {
      ck_random_normals(
        $0, range.count, stream.seed, stream.purpose.rawValue, stream.step, range.first)
    }
    let definition = expected(range, else: Float(7), stream.normal(at:))
    #expect(made.map(\.bitPattern) == definition.map(\.bitPattern))
  }

  /// What a kernel makes of a buffer with one element too many, which it must leave alone.
  private func filled<Element>(
    with value: Element, range: Range, by fill: (UnsafeMutablePointer<Element>?) -> Void
  ) -> [Element] {
    var buffer = [Element](repeating: value, count: range.count + 1)
    buffer.withUnsafeMutableBufferPointer { fill($0.baseAddress) }
    return buffer
  }

  private func expected<Element>(
    _ range: Range, else last: Element, _ element: (Int) -> Element
  ) -> [Element] {
    let first = Int(range.first)
    return (first..<first + range.count).map(element) + [last]
  }
}
