internal import CKernels
internal import COneDNN
internal import GANGraph
internal import GANTensor

/// What a product kernel must compute: `finish(op(lhs) · op(rhs) + bias)`.
struct ProductDescriptor {
  let rows: Int
  let inner: Int
  let columns: Int
  let transposingLHS: Bool
  let transposingRHS: Bool
  let lhs: NodeID
  let rhs: NodeID
  let bias: NodeID?
  let finish: Product.Finish
  let lhsSums: NodeID?
  let result: NodeID

  init(_ product: Product, in graph: Graph) {
    guard case .matmul(let transposingLHS, let transposingRHS) = graph[product.matmul].op else {
      preconditionFailure("\(graph[product.matmul].op) is no product")
    }
    lhs = graph[product.matmul].operands[0]
    rhs = graph[product.matmul].operands[1]
    rows = graph[product.result].type.shape[0]
    columns = graph[product.result].type.shape[1]
    inner = graph[lhs].type.shape[transposingLHS ? 0 : 1]
    self.transposingLHS = transposingLHS
    self.transposingRHS = transposingRHS
    bias = product.bias
    finish = product.finish
    lhsSums = product.lhsSums
    result = product.result
  }
}

/// A product kernel: for a gradient our own loops where the processor has AVX-512; else oneDNN's,
/// else plain loops, which never refuse.
func makeProductKernel(_ descriptor: ProductDescriptor, on device: CPUDevice) -> any CPUKernel {
  do {
    return try GradientProduct(preparing: descriptor, on: device)
  } catch {
    return makeLibraryProduct(descriptor, on: device)
  }
}

private func makeLibraryProduct(
  _ descriptor: ProductDescriptor, on device: CPUDevice
) -> any CPUKernel {
  do {
    return try OneDNNProduct(preparing: descriptor, on: device)
  } catch {
    return PlainProduct(descriptor, refusal: error.reason)
  }
}

/// A matrix product by oneDNN, bias and activation applied as it is written.
final class OneDNNProduct: CPUKernel {
  private let descriptor: ProductDescriptor
  private let matmul: OpaquePointer
  /// The engine must outlive what was made with it.
  private let device: CPUDevice

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) throws(Refusal) {
    var request = conednn_matmul_descriptor()
    request.rows = Int64(descriptor.rows)
    request.inner = Int64(descriptor.inner)
    request.columns = Int64(descriptor.columns)
    request.transpose_lhs = descriptor.transposingLHS
    request.transpose_rhs = descriptor.transposingRHS
    request.has_bias = descriptor.bias != nil
    switch descriptor.finish {
    case .none: break
    case .activation(let function):
      request.post_op_count = 1
      request.post_ops.0 = try Self.postOp(function)
    case .adam: throw Refusal(reason: "steps no optimiser")
    }
    var reason = ReasonBuffer()
    let made = reason.fill { conednn_matmul_create(device.engine, &request, $0, $1) }
    guard let made else { throw Refusal(reason: reason.text) }
    matmul = made
    self.descriptor = descriptor
    self.device = device
  }

  deinit { conednn_matmul_destroy(matmul) }

  var implementation: String { "oneDNN " + String(cString: conednn_matmul_implementation(matmul)) }

  var scratchBytes: Int { conednn_matmul_scratchpad_bytes(matmul) }

  func bind(_ memory: KernelMemory) {
    let status = conednn_matmul_bind(
      matmul, memory.floats(descriptor.lhs), memory.floats(descriptor.rhs),
      descriptor.bias.map(memory.floats), memory.floats(descriptor.result), nil, memory.scratch)
    precondition(status == 0, "oneDNN refused an address, status \(status)")
  }

  func run() {
    let status = conednn_matmul_execute(matmul)
    precondition(status == 0, "oneDNN failed in a prepared product, status \(status)")
  }

  private static func postOp(_ function: UnaryFunction) throws(Refusal) -> conednn_post_op {
    switch function {
    case .leakyReLU(let slope):
      return conednn_post_op(kind: CONEDNN_POST_RELU, alpha: Float(slope))
    case .tanh: return conednn_post_op(kind: CONEDNN_POST_TANH, alpha: 0)
    case .sigmoid: return conednn_post_op(kind: CONEDNN_POST_LOGISTIC, alpha: 0)
    case .negate, .exp, .expm1, .log, .sqrt, .softplus:
      throw Refusal(reason: "no epilogue for \(function.name)")
    }
  }
}

/// A matrix product in plain loops, which takes whatever oneDNN refuses.
final class PlainProduct: CPUKernel {
  let implementation: String
  private let descriptor: ProductDescriptor
  private var work: (() -> Void)?

  init(_ descriptor: ProductDescriptor, refusal: String) {
    self.descriptor = descriptor
    implementation = "plain loops (oneDNN refused: \(refusal))"
  }

  func bind(_ memory: KernelMemory) {
    let descriptor = self.descriptor
    let (lhs, rhs) = (memory.floats(descriptor.lhs), memory.floats(descriptor.rhs))
    let (bias, result) = (descriptor.bias.map(memory.floats), memory.floats(descriptor.result))
    let activation: ElementwiseProgram?
    switch descriptor.finish {
    case .none: activation = nil
    case .activation(let function): activation = ElementwiseProgram(function, at: result)
    case .adam:
      preconditionFailure("an optimiser's step has a kernel of its own")
    }
    let count = descriptor.rows * descriptor.columns
    work = {
      ck_matmul_plain(
        result, lhs, rhs, bias, descriptor.rows, descriptor.inner, descriptor.columns,
        descriptor.transposingLHS ? 1 : 0, descriptor.transposingRHS ? 1 : 0)
      activation?.run(count: count, sharedBy: 1)
    }
  }

  func run() { work?() }
}
