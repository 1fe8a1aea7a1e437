internal import GANGraph
internal import GANTensor

/// A convolution whose one window covers the image, as a matrix product: a network's first and last
/// layers are such, between vectors and images.
struct WholeImageConvolution: KernelCandidate {
  static let name = "matrix product"
  private let descriptor: ConvolutionDescriptor
  private let matmul: OneDNNMatmul
  /// Weights in the order of the images' elements; `nil` where they already are.
  private let weights: ArrangedWeights?

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let extents = descriptor.extents
    guard descriptor.convolution.padding == 0, extents.windowHeight == extents.height,
      extents.windowWidth == extents.width
    else { throw Refusal(reason: "windows are smaller than images") }
    let elements = extents.channels * extents.height * extents.width
    switch descriptor.kind {
    case .convolution:
      matmul = try OneDNNMatmul(
        rows: extents.images, inner: elements, columns: extents.filters, transposingRHS: true,
        hasBias: descriptor.bias != nil, activation: descriptor.activation, on: device)
    case .inputGradient:
      matmul = try OneDNNMatmul(
        rows: extents.images, inner: extents.filters, columns: elements, on: device)
    case .weightGradient:
      matmul = try OneDNNMatmul(
        rows: extents.filters, inner: extents.images, columns: elements, transposingLHS: true,
        on: device)
    }
    let isArranged =
      descriptor.convolution.layout == .channelsLast && extents.channels > 1
      && elements > extents.channels
    weights = isArranged ? ArrangedWeights(channelsLast: extents, on: device) : nil
    self.descriptor = descriptor
  }

  var implementation: String { matmul.implementation }

  /// The library's part, then the weights.
  var scratchBytes: Int { libraryBytes + (weights?.byteCount ?? 0) }

  private var libraryBytes: Int { (matmul.scratchBytes + 63) / 64 * 64 }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let packed = memory.floats(descriptor.weights)
    guard let weights else { return bind(weights: packed, memory) }
    let arranged = (memory.scratch + libraryBytes).assumingMemoryBound(to: Float.self)
    let (product, bound) = (
      bind(weights: arranged, memory), weights.bind(packed: packed, arranged: arranged)
    )
    return descriptor.kind == .weightGradient
      ? BoundKernel {
        product.run()
        bound.pack()
      }
      : BoundKernel {
        bound.arrange()
        product.run()
      }
  }

  private func bind(
    weights: UnsafeMutablePointer<Float>, _ memory: KernelMemory
  ) -> BoundKernel {
    let images = memory.floats(descriptor.images)
    let windows = memory.floats(descriptor.windows)
    return switch descriptor.kind {
    case .convolution:
      matmul.bind(
        lhs: images, rhs: weights, bias: descriptor.bias.map(memory.floats), result: windows,
        scratch: memory.scratch)
    case .inputGradient:
      matmul.bind(lhs: windows, rhs: weights, result: images, scratch: memory.scratch)
    case .weightGradient:
      matmul.bind(lhs: windows, rhs: images, result: weights, scratch: memory.scratch)
    }
  }
}
