import CKernels
import Foundation
import GANTensor

/// One weight's gradient with operands of its own, by the kernel and by plain loops in `Double`.
struct GradientCase {
  /// Parameters and both moments, as bits.
  struct State: Equatable {
    var parameters: [UInt32]
    var first: [UInt32]
    var second: [UInt32]
  }

  struct Result: Equatable {
    var dst: [Float]
    var lhsSums: [Float]
    var state: State
  }

  let extents: GradientTests.Extents
  let transposeRHS: Bool
  /// Where the inner axis is cut into two terms that are added; 0 leaves one.
  let cut: Int
  /// True if Adam uses the gradient up.
  var steps: Bool

  private let factors = ck_adam_factors(
    first_decay: 0.9, first_weight: 0.1, second_decay: 0.999, second_weight: 0.001,
    epsilon: 1e-8)
  private let stepSize: Float = 0.02
  private let inverseRoot: Float = 1.5

  init(
    extents: GradientTests.Extents, transposeRHS: Bool, cut: Int = 0, steps: Bool
  ) {
    precondition(cut == 0 || !transposeRHS, "only rows that lie one after another can be cut")
    self.extents = extents
    self.transposeRHS = transposeRHS
    self.cut = cut
    self.steps = steps
  }

  private var count: Int { extents.rows * extents.columns }

  /// Uniforms in [-1, 1); each operand has a stream of its own.
  private func operand(_ number: UInt64, count: Int) -> [Float] {
    let stream = RandomStream(seed: 5, purpose: .syntheticImages, step: number)
    return (0..<count).map { 2 * stream.uniform(at: $0) - 1 }
  }

  private var lhs: [Float] { operand(0, count: extents.rows * extents.inner) }
  private var rhs: [Float] { operand(1, count: extents.inner * extents.columns) }
  private var parameters: [Float] { operand(4, count: count) }
  private var first: [Float] { operand(5, count: count) }
  /// Away from 0, where a step would depend on the last bit of a sum.
  private var second: [Float] { operand(6, count: count).map { 1.5 + $0 } }

  /// The terms over operands at these addresses.
  private func terms(
    lhs: UnsafeMutablePointer<Float>?, rhs: UnsafeMutablePointer<Float>?,
    sums: UnsafeMutablePointer<Float>?
  ) -> [ck_gradient_term] {
    (cut == 0 ? [0..<extents.inner] : [0..<cut, cut..<extents.inner]).map { inner in
      ck_gradient_term(
        inner: Int64(inner.count), transpose_rhs: transposeRHS,
        lhs: lhs?.advanced(by: inner.lowerBound * extents.rows),
        rhs: rhs?.advanced(by: inner.lowerBound * extents.columns),
        lhs_sums: cut == 0 ? sums : nil,
        summed: lhs?.advanced(by: inner.lowerBound * extents.rows),
        summed_count: Int64(inner.count))
    }
  }

  /// What the kernel makes of it; no operand is aligned, and nothing may be written around one.
  func computed(members: Int) -> Result {
    let sources = [lhs, rhs, parameters, first, second]
    let fence: Float = 12345
    let buffers = (sources + [[Float](repeating: .nan, count: extents.rows)]).map { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count + 2)
      _ = buffer.initialize(from: [fence] + values + [fence])
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    let at = buffers.map { $0.baseAddress?.advanced(by: 1) }
    terms(lhs: at[0], rhs: at[1], sums: at[5]).withUnsafeBufferPointer { terms in
      var gradient = ck_gradient(
        rows: Int64(extents.rows), columns: Int64(extents.columns), terms: terms.baseAddress,
        term_count: terms.count, precision: CK_FLOAT32)
      let scratch = UnsafeMutableRawPointer.allocate(
        byteCount: ck_gradient_scratch_bytes(&gradient, Int32(members)), alignment: 64)
      defer { scratch.deallocate() }
      withUnsafePointer(to: stepSize) { stepSize in
        withUnsafePointer(to: inverseRoot) { inverseRoot in
          var use = ck_gradient_use(
            destination: at[2], first_moment: steps ? at[3] : nil,
            second_moment: steps ? at[4] : nil, step_size: stepSize, inverse_root: inverseRoot,
            adam: factors)
          ck_gradient_run(&gradient, &use, scratch, Int32(members))
        }
      }
    }
    let written = buffers.map { $0.dropFirst().dropLast().map { $0 } }
    let isFenced = buffers.allSatisfy { $0.first == fence && $0.last == fence }
    return Result(
      dst: isFenced ? written[2] : [], lhsSums: written[5],
      state: State(
        parameters: written[2].map(\.bitPattern), first: written[3].map(\.bitPattern),
        second: written[4].map(\.bitPattern)))
  }

  /// The definition, element by element.
  func expected() -> [Double] {
    let (lhs, rhs) = (lhs, rhs)
    let (parameters, first, second) = (parameters, first, second)
    return (0..<count).map { element in
      let (row, column) = (element / extents.columns, element % extents.columns)
      var sum = 0.0
      for k in 0..<extents.inner {
        let left = lhs[k * extents.rows + row]
        let right =
          transposeRHS ? rhs[column * extents.inner + k] : rhs[k * extents.columns + column]
        sum += Double(left) * Double(right)
      }
      guard steps else { return sum }
      let m = Double(first[element]) * 0.9 + sum * 0.1
      let v = Double(second[element]) * 0.999 + sum * sum * 0.001
      let step = m * Double(stepSize) / (v.squareRoot() * Double(inverseRoot) + 1e-8)
      return Double(parameters[element]) - step
    }
  }

  func expectedSums() -> [Double] {
    let lhs = lhs
    return (0..<extents.rows).map { row in
      (0..<extents.inner).reduce(0.0) { $0 + Double(lhs[$1 * extents.rows + row]) }
    }
  }

  /// The same by separate operations in `Float`.
  func adamByLoops(_ gradient: [Float]) -> State {
    var (parameters, first, second) = (parameters, first, second)
    for (i, g) in gradient.enumerated() {
      first[i] = first[i] * factors.first_decay + g * factors.first_weight
      second[i] = second[i] * factors.second_decay + g * g * factors.second_weight
      let root = second[i].squareRoot() * inverseRoot
      parameters[i] -= first[i] * stepSize / (root + factors.epsilon)
    }
    return State(
      parameters: parameters.map(\.bitPattern), first: first.map(\.bitPattern),
      second: second.map(\.bitPattern))
  }
}
