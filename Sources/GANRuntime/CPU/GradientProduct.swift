internal import CKernels
internal import GANGraph

/// A product with a transposed left operand, as a weight's gradient is, in our own loops; with its
/// addends, and with the step of Adam that uses the sum, where there are such. Each tile of the
/// gradient is then used up while it is in the first-level cache, and never written.
///
/// Every element is the same for any number of threads, and whether the step is made on the way or
/// afterwards.
final class GradientProduct: KernelCandidate {
  static let name = "core with Adam"
  let implementation: String
  let scratchBytes: Int
  private let descriptor: ProductDescriptor
  private let members: Int32
  private let precision: Precision
  private let terms: UnsafeMutableBufferPointer<ck_gradient_term>
  private let gradient: ck_gradient

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) throws(Refusal) {
    guard descriptor.transposingLHS, descriptor.bias == nil else {
      throw Refusal(reason: "no weight's gradient")
    }
    if case .activation = descriptor.finish { throw Refusal(reason: "no weight's gradient") }
    self.descriptor = descriptor
    let precision = device.precision(forColumns: min(descriptor.rows, descriptor.columns))
    self.precision = precision
    terms = .copy(
      of: descriptor.terms.map {
        ck_gradient_term(
          inner: Int64(precision == .bfloat16 ? ($0.inner + 1) / 2 : $0.inner),
          transpose_rhs: $0.transposingRHS, lhs: nil, rhs: nil, lhs_sums: nil, summed: nil,
          summed_count: Int64($0.inner))
      })
    var gradient = ck_gradient(
      rows: Int64(descriptor.rows), columns: Int64(descriptor.columns),
      terms: UnsafePointer(terms.baseAddress), term_count: terms.count,
      precision: precision.core)
    let inner = descriptor.terms.reduce(0) { $0 + $1.inner }
    members = device.members(forWork: descriptor.rows * descriptor.columns * inner)
    scratchBytes = ck_gradient_scratch_bytes(&gradient, members)
    self.gradient = gradient
    implementation = "core \(CPUDevice.instructionSet(precision)), \(members) threads"
  }

  var preparedOperands: [PreparedOperand] {
    guard precision == .bfloat16 else { return [] }
    return descriptor.terms.flatMap { [pairedLHS($0), pairedRHS($0)] }
  }

  /// The left operand, whose rows are summed, as pairs of rows.
  private func pairedLHS(_ term: ProductDescriptor.Term) -> PreparedOperand {
    .pairedRows(term.lhs, rows: term.inner, columns: descriptor.rows)
  }

  private func pairedRHS(_ term: ProductDescriptor.Term) -> PreparedOperand {
    term.transposingRHS
      ? .narrowedRows(term.rhs, rows: descriptor.columns, columns: term.inner)
      : .pairedRows(term.rhs, rows: term.inner, columns: descriptor.columns)
  }

  deinit { terms.deallocate() }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    for (position, term) in descriptor.terms.enumerated() {
      let (lhs, rhs) = (memory.floats(term.lhs), memory.floats(term.rhs))
      let isPaired = precision == .bfloat16
      terms[position].lhs = UnsafePointer(isPaired ? memory.prepared(pairedLHS(term)) : lhs)
      terms[position].rhs = UnsafePointer(isPaired ? memory.prepared(pairedRHS(term)) : rhs)
      terms[position].summed = UnsafePointer(lhs)
      terms[position].lhs_sums = term.lhsSums.map(memory.floats)
    }
    let (use, scratch) = (use(in: memory), memory.scratch)
    let scalars = AdamScalars(of: descriptor.finish, in: memory)
    return BoundKernel {
      var use = use
      scalars.read(into: &use.adam)
      withUnsafePointer(to: self.gradient) { gradient in
        withUnsafePointer(to: use) { ck_gradient_run(gradient, $0, scratch, self.members) }
      }
    }
  }

  private func use(in memory: KernelMemory) -> ck_gradient_use {
    var use = ck_gradient_use()
    use.destination = memory.floats(descriptor.result)
    guard case .adam(let step) = descriptor.finish else { return use }
    let places = [
      (step.parameter, step.nextParameter), (step.firstMoment, step.nextFirstMoment),
      (step.secondMoment, step.nextSecondMoment),
    ]
    precondition(
      places.allSatisfy { memory.pointer($0.0) == memory.pointer($0.1) },
      "Adam writes over what it reads; \(places) lie apart")
    use.first_moment = memory.floats(step.firstMoment)
    use.second_moment = memory.floats(step.secondMoment)
    use.step_size = UnsafePointer(memory.floats(step.stepSize))
    use.inverse_root = UnsafePointer(memory.floats(step.inverseRoot))
    use.adam = ck_adam_factors(
      first_decay: step.firstDecay.constant, first_weight: step.firstWeight.constant,
      second_decay: step.secondDecay.constant, second_weight: step.secondWeight.constant,
      epsilon: Float(step.epsilon))
    return use
  }
}

extension AdamStep.Factor {
  /// The factor; 0 where it is read when the kernel runs.
  fileprivate var constant: Float {
    switch self {
    case .constant(let value): Float(value)
    case .scalar: 0
    }
  }
}

/// The addresses of the factors of a step of Adam that are read when the kernel runs.
private struct AdamScalars {
  private var firstDecay: UnsafePointer<Float>?
  private var firstWeight: UnsafePointer<Float>?
  private var secondDecay: UnsafePointer<Float>?
  private var secondWeight: UnsafePointer<Float>?

  init(of finish: Product.Finish, in memory: KernelMemory) {
    guard case .adam(let step) = finish else { return }
    func place(_ factor: AdamStep.Factor) -> UnsafePointer<Float>? {
      factor.node.map { UnsafePointer(memory.floats($0)) }
    }
    firstDecay = place(step.firstDecay)
    firstWeight = place(step.firstWeight)
    secondDecay = place(step.secondDecay)
    secondWeight = place(step.secondWeight)
  }

  func read(into factors: inout ck_adam_factors) {
    if let firstDecay { factors.first_decay = firstDecay.pointee }
    if let firstWeight { factors.first_weight = firstWeight.pointee }
    if let secondDecay { factors.second_decay = secondDecay.pointee }
    if let secondWeight { factors.second_weight = secondWeight.pointee }
  }
}
