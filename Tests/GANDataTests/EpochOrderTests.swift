import GANData
import GANTensor
import Testing

@Suite("An epoch shows everything once, in an order of its own")
struct EpochOrderTests {
  @Test(arguments: [1, 5, 9, 1000])
  func theOrderCoversTheDataOnce(count: Int) {
    let order = EpochOrder(count: count, seed: 3, epoch: 2)
    #expect(order.indices.sorted() == (0..<Int32(count)).map { $0 })
  }

  @Test func theOrderIsThatOfTheRandomStream() {
    let stream = RandomStream(seed: 11, purpose: .epochOrder, step: 4)
    let order = EpochOrder(count: 100, seed: 11, epoch: 4)
    #expect(order.indices == stream.permutation(count: 100))
  }

  @Test func seedAndEpochChangeTheOrder() {
    func indices(seed: UInt64 = 0, epoch: UInt64 = 0) -> [Int32] {
      EpochOrder(count: 64, seed: seed, epoch: epoch).indices
    }
    #expect(indices() != indices(seed: 1))
    #expect(indices() != indices(epoch: 1))
  }
}
