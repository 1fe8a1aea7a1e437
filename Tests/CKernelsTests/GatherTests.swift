import CKernels
import Testing

@Suite("Gathering copies the rows that were asked for")
struct GatherTests {
  @Test(arguments: [1, 3, 64, 784])
  func rowsComeInTheOrderOfTheirIndices(rowBytes: Int) {
    let source = (0..<11 * rowBytes).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 256) }
    let indices: [Int32] = [10, 0, 3, 3, 7]
    var gathered = [UInt8](repeating: 0xEE, count: indices.count * rowBytes + 1)
    ck_gather_rows_u8(&gathered, source, indices, indices.count, rowBytes)
    let rows = indices.flatMap { source[Int($0) * rowBytes..<(Int($0) + 1) * rowBytes] }
    #expect(gathered == rows + [0xEE])
  }

  @Test func noRowsTouchNothing() {
    var gathered: [UInt8] = [1, 2]
    ck_gather_rows_u8(&gathered, [9, 9], [], 0, 2)
    #expect(gathered == [1, 2])
  }
}
