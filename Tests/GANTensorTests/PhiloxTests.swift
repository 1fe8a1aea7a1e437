import GANTensor
import Testing

@Suite("Philox gives the published words")
struct PhiloxTests {
  struct KnownAnswer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let counter: SIMD4<UInt32>
    let key: SIMD2<UInt32>
    let words: SIMD4<UInt32>
  }

  /// Source: `kat_vectors` of Random123, the distribution that accompanies the paper.
  static let knownAnswers = [
    KnownAnswer(
      testDescription: "zeros", counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0),
      words: SIMD4(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)),
    KnownAnswer(
      testDescription: "ones", counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max),
      words: SIMD4(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)),
    KnownAnswer(
      testDescription: "digits of pi",
      counter: SIMD4(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      key: SIMD2(0xA409_3822, 0x299F_31D0),
      words: SIMD4(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)),
  ]

  @Test(arguments: knownAnswers)
  func wordsAreTheKnownAnswers(answer: KnownAnswer) {
    #expect(philox4x32(counter: answer.counter, key: answer.key) == answer.words)
  }

  @Test func streamsPlaceSeedPurposeStepAndElementAsDocumented() {
    let stream = RandomStream(
      seed: 0x0123_4567_89AB_CDEF, purpose: .generatorLatents, step: 0xFEDC_BA98_7654_3210)
    for element in [0, 1, 2, 3, 4, 7, 1_000_003, RandomStream.elementLimit - 1] {
      let expected = philox4x32(
        counter: SIMD4(UInt32(element / 4), 5, 0x7654_3210, 0xFEDC_BA98),
        key: SIMD2(0x89AB_CDEF, 0x0123_4567))
      #expect(stream.word(at: element) == expected[element % 4], "element \(element)")
    }
  }

  @Test func keysAreTwoWordsLowHalfFirst() {
    let stream = RandomStream(seed: 3, purpose: .epochOrder, step: 9)
    for element in 0..<9 {
      let key = stream.key64(at: element)
      #expect(UInt32(truncatingIfNeeded: key) == stream.word(at: 2 * element))
      #expect(UInt32(key >> 32) == stream.word(at: 2 * element + 1))
    }
  }
}
