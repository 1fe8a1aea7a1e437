internal import CKernels
internal import GANGraph
internal import GANTensor

/// The work of a convolution kernel: one of three tensors from the two others.
struct ConvolutionDescriptor {
  enum Kind {
    case convolution, inputGradient, weightGradient
  }

  let kind: Kind
  let convolution: Convolution
  let extents: ConvolutionExtents
  /// The tensors of a convolution, `result` among them.
  let (images, windows, weights): (NodeID, NodeID, NodeID)
  let result: NodeID
  /// The bias; with `convolution` only.
  let bias: NodeID?
  /// The activation; with `convolution` only.
  let activation: UnaryFunction?

  init(_ product: Product, in graph: Graph) {
    let (op, x) = (graph[product.operation].op, graph[product.operation].operands)
    switch op {
    case .convolution(let convolution):
      (kind, self.convolution) = (.convolution, convolution)
      (images, windows, weights) = (x[0], product.result, x[1])
    case .convolutionInputGradient(let convolution, _, _):
      (kind, self.convolution) = (.inputGradient, convolution)
      (images, windows, weights) = (product.result, x[0], x[1])
    case .convolutionWeightGradient(let convolution, _, _):
      (kind, self.convolution) = (.weightGradient, convolution)
      (images, windows, weights) = (x[0], x[1], product.result)
    default: preconditionFailure("\(op) is no convolution")
    }
    guard let extents = graph.convolutionExtents(product.operation) else {
      preconditionFailure("\(op) is no convolution")
    }
    self.extents = extents
    result = product.result
    bias = product.bias
    switch product.finish {
    case .none: activation = nil
    case .activation(let function): activation = function
    case .adam: preconditionFailure("\(op) steps no optimiser")
    }
  }
}

extension ConvolutionDescriptor {
  /// What a kernel that knows LeakyReLU only multiplies negative results by; 1 without an activation.
  func negativeSlope() throws(Refusal) -> Float {
    switch activation {
    case .none: return 1
    case .leakyReLU(let slope): return Float(slope)
    case .some(let function): throw Refusal(reason: "\(function) is no epilogue")
    }
  }
}

/// The kernels for a convolution, from most to least preferred: sums of taps where too few channels
/// fill a vector, one filter for each channel, minimal filtering where windows allow it, else the
/// core; plain loops take the rest.
let convolutionKernels: [any KernelCandidate<ConvolutionDescriptor>.Type] = [
  FewChannelsGradient.self, DepthwiseConvolution.self, MinimalConvolution.self,
  Minimal3x3Convolution.self, CoreConvolution.self, PlainConvolution.self,
]

/// A convolution in plain loops.
struct PlainConvolution: KernelCandidate {
  static let name = "plain loops"
  let implementation = Self.name
  private let descriptor: ConvolutionDescriptor

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) {
    self.descriptor = descriptor
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (kind, extents) = (descriptor.kind, ck_convolution(descriptor))
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    let (weights, bias) = (memory.floats(descriptor.weights), descriptor.bias.map(memory.floats))
    let convolution = BoundKernel {
      withUnsafePointer(to: extents) { extents in
        switch kind {
        case .convolution: ck_convolution_plain(extents, windows, images, weights, bias)
        case .inputGradient: ck_convolution_plain_images(extents, images, windows, weights)
        case .weightGradient: ck_convolution_plain_weights(extents, weights, images, windows)
        }
      }
    }
    guard let activation = descriptor.activation else { return convolution }
    return convolution.followed(
      by: ElementwiseProgram(activation, at: windows),
      count: Int(extents.images * extents.filters * extents.window_rows * extents.window_columns))
  }
}

extension ck_convolution {
  init(_ descriptor: ConvolutionDescriptor) {
    let extents = descriptor.extents
    self.init(
      images: Int64(extents.images), channels: Int64(extents.channels),
      height: Int64(extents.height), width: Int64(extents.width),
      filters: Int64(extents.filters), window_rows: Int64(extents.windowRows),
      window_columns: Int64(extents.windowColumns), window_height: Int64(extents.windowHeight),
      window_width: Int64(extents.windowWidth), stride: Int64(descriptor.convolution.stride),
      padding: Int64(descriptor.convolution.padding), groups: Int64(extents.groups),
      channels_last: descriptor.convolution.layout == .channelsLast)
  }
}
