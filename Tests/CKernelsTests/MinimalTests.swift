import CKernels
import GANTensor
import Testing

@Suite("Minimal filtering gives the same bits on every instruction set that fuses, on any team")
struct MinimalTests {
  /// Odd sides, so that tiles hang over the end, and half panels.
  static let convolution = ck_minimal(
    images: 3, height: 10, width: 7, channels: 48, filters: 16, window_rows: 5, window_columns: 3,
    padding: 1, precision: CK_FLOAT32)

  private static let tables = [CK_ISA_AVX2, CK_ISA_AVX512, CK_ISA_NEON].compactMap {
    ck_minimal_for($0).map(\.pointee)
  }

  private static let tables3x3 = [CK_ISA_AVX2, CK_ISA_AVX512, CK_ISA_NEON].compactMap {
    ck_minimal_3x3_for($0).map(\.pointee)
  }

  private static func numbers(_ number: UInt64, _ count: Int) -> [Float] {
    let stream = RandomStream(seed: 7, purpose: .syntheticImages, step: number)
    return (0..<count).map { 2 * stream.uniform(at: $0) - 1 }
  }

  private let images = numbers(0, 3 * 10 * 7 * 48)
  private let windows = numbers(1, 3 * 5 * 3 * 16)
  private let weights = numbers(2, 16 * 48 * 16)
  private let bias = numbers(3, 16)

  /// The windows, the gradient in the images and the one in the weights.
  private func results(by table: ck_minimal_functions, members: Int32) -> [[Float]] {
    var convolution = Self.convolution
    var packed = [Float](repeating: .nan, count: weights.count * Int(CK_MINIMAL_QUARTERS) / 4)
    let bytes = max(
      table.scratch_bytes(&convolution, members), table.weight_gradient_bytes(&convolution))
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { scratch.deallocate() }
    var results = [images, windows, weights].map { [Float](repeating: .nan, count: $0.count) }
    table.pack(&convolution, false, weights, &packed, members)
    table.run(&convolution, images, packed, bias, 0.2, &results[1], scratch, members)
    table.pack(&convolution, true, weights, &packed, members)
    table.image_gradient(&convolution, windows, packed, &results[0], scratch, members)
    table.weight_gradient(&convolution, images, windows, &results[2], scratch, members)
    return results
  }

  @Test(.enabled(if: !tables.isEmpty, "no instruction set here fuses"))
  func sameBits() throws {
    let first = try results(by: #require(Self.tables.first), members: 1)
    #expect(!first.joined().contains { $0.isNaN })
    for table in Self.tables {
      for members: Int32 in [1, 2, 3] { #expect(results(by: table, members: members) == first) }
    }
  }

  /// Odd sides, so that tiles hang over the end; more tiles than are found at a time, and a rest; channels and
  /// filters that fill one vector of every set, half panels and whole ones.
  @Test(
    .enabled(if: !tables3x3.isEmpty, "no instruction set here fuses"),
    arguments: [(2, 16, 16), (1, 32, 48), (3, 48, 16), (1, 16, 32)], [false, true])
  func sameBits3x3(extents: (groups: Int, channels: Int, filters: Int), isGradient: Bool) throws {
    let (groups, channels, filters) = extents
    var convolution = ck_minimal_3x3(
      images: 5, height: 9, width: 6, channels: Int64(channels), groups: Int64(groups),
      filters: Int64(filters), window_rows: 9, window_columns: 6, padding: 1,
      is_gradient: isGradient)
    let weightCount = groups * channels * filters * 9
    let images = Self.numbers(0, 5 * 9 * 6 * groups * channels)
    let weights = Self.numbers(1, weightCount)
    let bias = Self.numbers(2, groups * filters)
    func windows(by table: ck_minimal_3x3_functions, members: Int32) -> [Float] {
      var packed = [Float](repeating: .nan, count: weightCount / 9 * Int(CK_MINIMAL_3X3_NINTHS))
      var windows = [Float](repeating: .nan, count: 5 * 9 * 6 * groups * filters)
      let scratch = UnsafeMutableRawPointer.allocate(
        byteCount: table.scratch_bytes(&convolution, members), alignment: 64)
      defer { scratch.deallocate() }
      table.pack(&convolution, weights, &packed, members)
      table.run(&convolution, images, packed, bias, 0.2, &windows, scratch, members)
      return windows
    }
    let first = try windows(by: #require(Self.tables3x3.first), members: 1)
    #expect(!first.contains { $0.isNaN })
    for table in Self.tables3x3 {
      for members: Int32 in [1, 2, 3] { #expect(windows(by: table, members: members) == first) }
    }
  }
}
