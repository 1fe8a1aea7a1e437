import GANData
import GANTensor
import Testing

@Suite("An epoch shows everything once, in an order of its own")
struct EpochOrderTests {
  @Test(arguments: [(1, 1), (7, 3), (9, 3), (5, 100), (1000, 64)])
  func batchesCoverTheDataOnce(count: Int, batchSize: Int) {
    let order = EpochOrder(count: count, batchSize: batchSize, seed: 3, epoch: 2)
    let batches = (0..<order.batchCount).map { order.batch($0) }
    #expect(batches.flatMap { $0 }.sorted() == (0..<Int32(count)).map { $0 })
    #expect(batches.dropLast().allSatisfy { $0.count == batchSize })
    #expect(batches.last?.count == (count - 1) % batchSize + 1)
  }

  @Test func theOrderIsThatOfTheRandomStream() {
    let stream = RandomStream(seed: 11, purpose: .epochOrder, step: 4)
    let order = EpochOrder(count: 100, batchSize: 10, seed: 11, epoch: 4)
    #expect(order.indices == stream.permutation(count: 100))
    #expect(order.batch(3) == order.indices[30..<40])
  }

  @Test func seedAndEpochChangeTheOrderAndBatchSizeDoesNot() {
    func indices(batchSize: Int = 8, seed: UInt64 = 0, epoch: UInt64 = 0) -> [Int32] {
      EpochOrder(count: 64, batchSize: batchSize, seed: seed, epoch: epoch).indices
    }
    #expect(indices() == indices(batchSize: 5))
    #expect(indices() != indices(seed: 1))
    #expect(indices() != indices(epoch: 1))
  }
}
