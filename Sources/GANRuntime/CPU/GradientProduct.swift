internal import CKernels
internal import GANGraph

/// A product with a transposed left operand, which is what a weight's gradient is, in our own loops;
/// with the step of Adam it is for, where it is for one. Each tile of the gradient is then used up
/// while it is in the first-level cache, and never written.
///
/// Every element is the same for any number of threads, and whether the step is made on the way or
/// afterwards.
final class GradientProduct: CPUKernel {
  let implementation: String
  let scratchBytes: Int
  private let descriptor: ProductDescriptor
  private let members: Int
  private var product = ck_product()
  private var operands = ck_product_operands()
  private var scratch: UnsafeMutableRawPointer?

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) throws(Refusal) {
    guard device.productFusion == .optimiser else { throw Refusal(reason: "no AVX-512") }
    guard descriptor.transposingLHS, descriptor.bias == nil else {
      throw Refusal(reason: "no gradient")
    }
    self.descriptor = descriptor
    product.rows = Int64(descriptor.rows)
    product.columns = Int64(descriptor.columns)
    product.inner = Int64(descriptor.inner)
    product.transpose_rhs = descriptor.transposingRHS
    switch descriptor.finish {
    case .none: product.epilogue = CK_PRODUCT_PLAIN
    case .activation: throw Refusal(reason: "no gradient")
    case .adam(let step):
      product.epilogue = CK_PRODUCT_ADAM
      product.adam = ck_adam_factors(
        first_decay: Float(step.firstDecay), first_weight: Float(step.firstWeight),
        second_decay: Float(step.secondDecay), second_weight: Float(step.secondWeight),
        epsilon: Float(step.epsilon))
    }
    let work = descriptor.rows * descriptor.columns * descriptor.inner
    members = work >= smallestSharedWork ? device.threadCount : 1
    scratchBytes = ck_product_scratch_bytes(&product, Int32(members))
    implementation = "vector loops, \(members) threads"
  }

  func bind(_ memory: KernelMemory) {
    scratch = memory.scratch
    operands.lhs = UnsafePointer(memory.floats(descriptor.lhs))
    operands.rhs = UnsafePointer(memory.floats(descriptor.rhs))
    operands.dst = memory.floats(descriptor.result)
    operands.lhs_sums = descriptor.lhsSums.map(memory.floats)
    guard case .adam(let step) = descriptor.finish else { return }
    let places = [
      (step.parameter, step.nextParameter), (step.firstMoment, step.nextFirstMoment),
      (step.secondMoment, step.nextSecondMoment),
    ]
    precondition(
      places.allSatisfy { memory.pointer($0.0) == memory.pointer($0.1) },
      "Adam writes over what it reads; \(places) lie apart")
    operands.first_moment = memory.floats(step.firstMoment)
    operands.second_moment = memory.floats(step.secondMoment)
    operands.step_size = UnsafePointer(memory.floats(step.stepSize))
    operands.inverse_root = UnsafePointer(memory.floats(step.inverseRoot))
  }

  func run() { ck_product_run(&product, &operands, scratch, Int32(members)) }
}
