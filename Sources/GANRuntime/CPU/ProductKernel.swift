internal import CKernels
internal import GANGraph
internal import GANTensor

/// The work of a product kernel: `finish(op(lhs) · op(rhs) + … + bias)`.
struct ProductDescriptor {
  let rows: Int
  let columns: Int
  let transposingLHS: Bool
  /// The addends; more than one only where the left operands are transposed.
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
    guard case .matmul(let transposingLHS, _) = graph[product.operation].op else {
      preconditionFailure("\(graph[product.operation].op) is no product")
    }
    rows = graph[product.result].type.shape[0]
    columns = graph[product.result].type.shape[1]
    self.transposingLHS = transposingLHS
    bias = product.bias
    finish = product.finish
    result = product.result
    var sums = product.lhsSums
    terms = product.operations.map { matmul in
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

  /// The one product, where no others are added to it.
  var term: Term {
    precondition(terms.count == 1, "a product without a step has no others added to it")
    return terms[0]
  }
}

/// The kernels for a matrix product, from most to least preferred; plain loops take the rest.
let productKernels: [any KernelCandidate<ProductDescriptor>.Type] = [
  GradientProduct.self, CoreProduct.self, PlainProduct.self,
]

/// A matrix product whose right operand is packed, bias and activation applied as it is written.
struct CoreProduct: KernelCandidate {
  static let name = "core"
  private let descriptor: ProductDescriptor
  private let product: RowProduct

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) throws(Refusal) {
    guard !descriptor.transposingLHS else {
      throw Refusal(reason: "the left operand is transposed")
    }
    let activation: UnaryFunction?
    switch descriptor.finish {
    case .none: activation = nil
    case .activation(let function): activation = function
    case .adam: throw Refusal(reason: "no weight's gradient")
    }
    let term = descriptor.term
    let rows = [RowGrid(images: descriptor.rows, sourcePixel: term.inner)]
    product = try RowProduct(
      rows, inner: term.inner,
      weights: PackedWeights(
        matrix: term.rhs, inner: term.inner, columns: descriptor.columns,
        isTransposed: term.transposingRHS,
        precision: RowProduct.precision(rows, columns: descriptor.columns, on: device)),
      source: term.lhs, activation: activation, on: device)
    self.descriptor = descriptor
  }

  var implementation: String { product.implementation }

  var preparedOperands: [PreparedOperand] { product.preparedOperands }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    product.bind(
      source: memory.floats(descriptor.term.lhs), bias: descriptor.bias.map(memory.floats),
      result: memory.floats(descriptor.result), in: memory)
  }
}

/// A matrix product in plain loops.
struct PlainProduct: KernelCandidate {
  static let name = "plain loops"
  let implementation = Self.name
  private let descriptor: ProductDescriptor

  init(preparing descriptor: ProductDescriptor, on device: CPUDevice) {
    self.descriptor = descriptor
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let descriptor = self.descriptor
    let (lhs, rhs) = (memory.floats(descriptor.term.lhs), memory.floats(descriptor.term.rhs))
    let (bias, result) = (descriptor.bias.map(memory.floats), memory.floats(descriptor.result))
    let product = BoundKernel {
      ck_matmul_plain(
        result, lhs, rhs, bias, descriptor.rows, descriptor.term.inner, descriptor.columns,
        descriptor.transposingLHS ? 1 : 0, descriptor.term.transposingRHS ? 1 : 0)
    }
    switch descriptor.finish {
    case .none: return product
    case .activation(let function):
      return product.followed(
        by: ElementwiseProgram(function, at: result), count: descriptor.rows * descriptor.columns)
    case .adam:
      preconditionFailure("an optimiser's step has a kernel of its own")
    }
  }
}

extension BoundKernel {
  /// This kernel, and then another.
  func followed(by next: BoundKernel) -> BoundKernel {
    BoundKernel {
      self.run()
      next.run()
    }
  }

  /// This kernel, and then a program over its result, on one thread.
  func followed(by activation: ElementwiseProgram, count: Int) -> BoundKernel {
    BoundKernel {
      self.run()
      activation.run(count: count, sharedBy: 1)
    }
  }
}
