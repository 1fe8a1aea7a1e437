import CKernels
import Testing

@Suite("Conversions to integers drop the fraction")
struct ConvertTests {
  @Test func everyPlaceIsConverted() {
    // More than a vector and a rest.
    let source = (0..<77).map { Float($0 - 38) * 1.25 }
    var converted = [Int32](repeating: 1000, count: source.count + 1)
    ck_convert_to_i32(&converted, source, source.count)
    #expect(converted == source.map { Int32($0) } + [1000])
  }

  @Test func whatNoIntegerIsBecomesTheNearestOrZero() {
    let source: [Float] = [
      .nan, .infinity, -.infinity, 0x1p31, -0x1p31, 1e30, -1e30, 2_147_483_520, 16_777_216, -0.0,
    ]
    var converted = [Int32](repeating: 7, count: source.count)
    ck_convert_to_i32(&converted, source, source.count)
    #expect(
      converted == [0, .max, .min, .max, .min, .max, .min, 2_147_483_520, 16_777_216, 0])
  }
}
