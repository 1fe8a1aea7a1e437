internal import CKernels
internal import COneDNN
internal import GANGraph
internal import GANTensor

/// What a product kernel must compute: `finish(op(lhs) · op(rhs) + … + bias)`.
struct ProductDescriptor {
  let rows: Int
  let columns: Int
  let transposingLHS: Bool
  /// What is added up; more than one only where the left operands are transposed.
  let terms: [Term]
  let bias: NodeID?
  let finish: Product.Finish
  let result: NodeID

  struct Term {
    let lhs: NodeID
    let rhs: NodeID
    let inner: Int
    let transposingRHS: Bool
    /// The sums of the left operand over the inner axis, where the kernel makes them.
    let lhsSums: NodeID?
  }

  init(_ product: Product, in graph: Graph) {
    guard case .matmul(let transposingLHS, _) = graph[product.matmul].op else {
      preconditionFailure("\(graph[product.matmul].op) is no product")
    }
    rows = graph[product.result].type.shape[0]
    columns = graph[product.result].type.shape[1]
    self.transposingLHS = transposingLHS
    bias = product.bias
    finish = product.finish
    result = product.result
    var sums = product.lhsSums
    terms = product.matmuls.map { matmul in
      let node = graph[matmul]
      let (lhs, rhs) = (node.operands[0], node.operands[1])
      let isSummed = sums.map { graph[$0].operands[0] == lhs } ?? false
      defer { if isSummed { sums = nil } }
      return Term(
        lhs: lhs, rhs: rhs, inner: graph[lhs].type.shape[transposingLHS ? 0 : 1],
        transposingRHS: node.op == .matmul(transposingLHS: transposingLHS, transposingRHS: true),
        lhsSums: isSummed ? sums : nil)
    }
  }

  /// The one product that a library can compute.
  var term: Term {
    precondition(terms.count == 1, "a library's product has no others added to it")
    return terms[0]
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
    request.inner = Int64(descriptor.term.inner)
    request.columns = Int64(descriptor.columns)
    request.transpose_lhs = descriptor.transposingLHS
    request.transpose_rhs = descriptor.term.transposingRHS
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
      matmul, memory.floats(descriptor.term.lhs), memory.floats(descriptor.term.rhs),
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
    let (lhs, rhs) = (memory.floats(descriptor.term.lhs), memory.floats(descriptor.term.rhs))
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
        result, lhs, rhs, bias, descriptor.rows, descriptor.term.inner, descriptor.columns,
        descriptor.transposingLHS ? 1 : 0, descriptor.term.transposingRHS ? 1 : 0)
      activation?.run(count: count, sharedBy: 1)
    }
  }

  func run() { work?() }
}
