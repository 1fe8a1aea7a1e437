import CKernels
import Foundation
import GANTensor
import Testing

@Suite("Gradients with the step they are for equal plain loops")
struct GradientTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let rows: Int
    let inner: Int
    let columns: Int
    var testDescription: String { "[\(rows), \(inner)] [\(inner), \(columns)]" }
  }

  /// 1 in every place, primes, and both sides of a vector, a panel and a tile.
  static let extents = [
    Extents(rows: 1, inner: 1, columns: 1), Extents(rows: 1, inner: 7, columns: 33),
    Extents(rows: 29, inner: 1, columns: 5), Extents(rows: 13, inner: 31, columns: 1),
    Extents(rows: 12, inner: 16, columns: 32), Extents(rows: 11, inner: 9, columns: 17),
    Extents(rows: 25, inner: 8, columns: 48), Extents(rows: 37, inner: 65, columns: 79),
    Extents(rows: 100, inner: 53, columns: 101),
  ]

  @Test(arguments: extents, [false, true])
  func everyShapeAgrees(extents: Extents, steps: Bool) {
    for transposeRHS in [false, true] {
      let product = GradientCase(
        extents: extents, transposeRHS: transposeRHS,
        steps: steps)
      let computed = product.computed(members: 2)
      // Sums of at most 65 products of values below 1, rounded in another order.
      let errors = zip(computed.dst, product.expected()).map { abs(Double($0) - $1) }
      #expect(errors.count == extents.rows * extents.columns)
      #expect(errors.allSatisfy { $0 < 1e-5 }, "transposed: \(transposeRHS)")
      let sums = zip(computed.lhsSums, product.expectedSums()).map { abs(Double($0) - $1) }
      #expect(sums.count == extents.rows)
      #expect(sums.allSatisfy { $0 < 1e-5 }, "sums, transposed: \(transposeRHS)")
    }
  }

  @Test(arguments: extents)
  func theNumberOfMembersChangesNoBit(extents: Extents) {
    for transposeRHS in [false, true] {
      let product = GradientCase(
        extents: extents, transposeRHS: transposeRHS,
        steps: true)
      let alone = product.computed(members: 1)
      for members in 2...3 { #expect(product.computed(members: members) == alone) }
    }
  }

  @Test(arguments: extents)
  func adamInTheProductGivesTheBitsOfAdamAfterIt(extents: Extents) {
    let fused = GradientCase(
      extents: extents, transposeRHS: false,
      steps: true)
    var plain = fused
    plain.steps = false
    let gradient = plain.computed(members: 2).dst
    #expect(fused.computed(members: 2).state == fused.adamByLoops(gradient))
  }

  @Test(arguments: extents.filter { $0.inner > 1 }, [false, true])
  func aSumOfProductsHasTheBitsOfOneOverALongerInnerAxis(extents: Extents, steps: Bool) {
    for cut in Set([1, extents.inner / 2, extents.inner - 1]) {
      let whole = GradientCase(
        extents: extents, transposeRHS: false, steps: steps)
      let sum = GradientCase(
        extents: extents, transposeRHS: false, cut: cut, steps: steps)
      for members in 1...2 {
        #expect(sum.computed(members: members).state == whole.computed(members: members).state)
      }
    }
  }
}
