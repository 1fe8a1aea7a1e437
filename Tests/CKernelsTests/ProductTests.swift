import CKernels
import Foundation
import GANTensor
import Testing

@Suite(
  "Gradients with the step they are for equal plain loops", .enabled(if: ck_product_supported()))
struct ProductTests {
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

  static let epilogues = [CK_PRODUCT_PLAIN, CK_PRODUCT_ADAM]

  @Test(arguments: extents, epilogues.indices)
  func everyShapeAgrees(extents: Extents, epilogue: Int) {
    for transposeRHS in [false, true] {
      let product = ProductCase(
        extents: extents, transposeRHS: transposeRHS,
        epilogue: Self.epilogues[epilogue])
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
      let product = ProductCase(
        extents: extents, transposeRHS: transposeRHS,
        epilogue: CK_PRODUCT_ADAM)
      let alone = product.computed(members: 1)
      for members in 2...3 { #expect(product.computed(members: members) == alone) }
    }
  }

  @Test(arguments: extents)
  func adamInTheProductGivesTheBitsOfAdamAfterIt(extents: Extents) {
    let fused = ProductCase(
      extents: extents, transposeRHS: false,
      epilogue: CK_PRODUCT_ADAM)
    var plain = fused
    plain.epilogue = CK_PRODUCT_PLAIN
    let gradient = plain.computed(members: 2).dst
    #expect(fused.computed(members: 2).state == fused.adamByLoops(gradient))
  }

  @Test(arguments: extents.filter { $0.inner > 1 }, epilogues.indices)
  func aSumOfProductsHasTheBitsOfOneOverALongerInnerAxis(extents: Extents, epilogue: Int) {
    for cut in Set([1, extents.inner / 2, extents.inner - 1]) {
      let whole = ProductCase(
        extents: extents, transposeRHS: false, epilogue: Self.epilogues[epilogue])
      let sum = ProductCase(
        extents: extents, transposeRHS: false, cut: cut, epilogue: Self.epilogues[epilogue])
      for members in 1...2 {
        #expect(sum.computed(members: members).state == whole.computed(members: members).state)
      }
    }
  }
}
