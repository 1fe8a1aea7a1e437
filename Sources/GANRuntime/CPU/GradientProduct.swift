internal import CKernels
internal import GANGraph

/// A product with a transposed left operand, as a weight's gradient is, in our own loops; with its
/// addends, and with the step of Adam that uses the sum, where there are such. Each tile of the
/// gradient is then used up while it is in the first-level cache, and never written.
///
/// Every element is the same for any number of threads, and whether the step is made on the way or
/// afterwards.
final class GradientProduct: KernelCandidate {
  static let name = "vector loops"
  let implementation: String
  let scratchBytes: Int
  private let descriptor: ProductDescriptor
  private let members: Int
  private let terms: UnsafeMutableBufferPointer<ck_product_term>
  private let product: ck_product

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) throws(Refusal) {
    guard ck_product_supported() else { throw Refusal(reason: "no AVX-512") }
    guard descriptor.transposingLHS, descriptor.bias == nil else {
      throw Refusal(reason: "no weight's gradient")
    }
    var product = ck_product()
    switch descriptor.finish {
    case .none: product.epilogue = CK_PRODUCT_PLAIN
    case .activation: throw Refusal(reason: "no weight's gradient")
    case .adam(let step):
      product.epilogue = CK_PRODUCT_ADAM
      product.adam = ck_adam_factors(
        first_decay: step.firstDecay.constant, first_weight: step.firstWeight.constant,
        second_decay: step.secondDecay.constant, second_weight: step.secondWeight.constant,
        epsilon: Float(step.epsilon))
    }
    self.descriptor = descriptor
    terms = .copy(
      of: descriptor.terms.map {
        ck_product_term(
          inner: Int64($0.inner), transpose_rhs: $0.transposingRHS, lhs: nil, rhs: nil,
          lhs_sums: nil)
      })
    product.rows = Int64(descriptor.rows)
    product.columns = Int64(descriptor.columns)
    product.terms = UnsafePointer(terms.baseAddress)
    product.term_count = terms.count
    let inner = descriptor.terms.reduce(0) { $0 + $1.inner }
    let work = descriptor.rows * descriptor.columns * inner
    members = work >= smallestSharedWork ? device.threadCount : 1
    scratchBytes = ck_product_scratch_bytes(&product, Int32(members))
    self.product = product
    implementation = "vector loops, \(members) threads"
  }

  deinit { terms.deallocate() }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    for (position, term) in descriptor.terms.enumerated() {
      terms[position].lhs = UnsafePointer(memory.floats(term.lhs))
      terms[position].rhs = UnsafePointer(memory.floats(term.rhs))
      terms[position].lhs_sums = term.lhsSums.map(memory.floats)
    }
    let (destination, scratch) = (destination(in: memory), memory.scratch)
    let scalars = AdamScalars(of: descriptor.finish, in: memory)
    return BoundKernel {
      var product = self.product
      scalars.read(into: &product.adam)
      withUnsafePointer(to: &product) { product in
        withUnsafePointer(to: destination) {
          ck_product_run(product, $0, scratch, Int32(self.members))
        }
      }
    }
  }

  private func destination(in memory: KernelMemory) -> ck_product_destination {
    var destination = ck_product_destination()
    destination.dst = memory.floats(descriptor.result)
    guard case .adam(let step) = descriptor.finish else { return destination }
    let places = [
      (step.parameter, step.nextParameter), (step.firstMoment, step.nextFirstMoment),
      (step.secondMoment, step.nextSecondMoment),
    ]
    precondition(
      places.allSatisfy { memory.pointer($0.0) == memory.pointer($0.1) },
      "Adam writes over what it reads; \(places) lie apart")
    destination.first_moment = memory.floats(step.firstMoment)
    destination.second_moment = memory.floats(step.secondMoment)
    destination.step_size = UnsafePointer(memory.floats(step.stepSize))
    destination.inverse_root = UnsafePointer(memory.floats(step.inverseRoot))
    return destination
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
