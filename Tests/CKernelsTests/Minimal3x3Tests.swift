import CKernels
import GANTensor
import Testing

@Suite("Minimal filtering of 3 x 3 windows: the same bits on every instruction set that fuses")
struct Minimal3x3Tests {
  private static let tables = [CK_ISA_AVX2, CK_ISA_AVX512, CK_ISA_NEON].compactMap {
    ck_minimal_3x3_for($0).map(\.pointee)
  }

  private static func numbers(_ number: UInt64, _ count: Int) -> [Float] {
    let stream = RandomStream(seed: 7, purpose: .syntheticImages, step: number)
    return (0..<count).map { 2 * stream.uniform(at: $0) - 1 }
  }

  /// Odd sides, so that tiles hang over the end; more tiles than are found at a time, and a rest; channels and
  /// filters that fill one vector of every set, half panels and whole ones.
  @Test(
    .enabled(if: !tables.isEmpty, "no instruction set here fuses"),
    arguments: [(2, 16, 16), (1, 32, 48), (3, 48, 16), (1, 16, 32)], [false, true])
  func sameBits(extents: (groups: Int, channels: Int, filters: Int), isGradient: Bool) throws {
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
    let first = try windows(by: #require(Self.tables.first), members: 1)
    #expect(!first.contains { $0.isNaN })
    for table in Self.tables {
      for members: Int32 in [1, 2, 3] { #expect(windows(by: table, members: members) == first) }
    }
  }
}
