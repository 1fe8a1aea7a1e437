internal import COneDNN
internal import GANGraph
internal import GANTensor

/// A convolution by oneDNN, bias and activation applied as it is written. Weights are brought into the
/// library's blocked layout on the way in, their gradients out of it on the way out.
final class OneDNNConvolution: KernelCandidate {
  static let name = "oneDNN"
  private let descriptor: ConvolutionDescriptor
  private let convolution: OpaquePointer
  private let weights: ArrangedWeights
  /// The engine must outlive the objects made with it.
  private let device: CPUDevice

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    var request = conednn_convolution_descriptor(descriptor)
    if let activation = descriptor.activation {
      request.post_op_count = 1
      request.post_ops.0 = try conednn_post_op(activation)
    }
    var reason = ReasonBuffer()
    let made = reason.fill { conednn_convolution_create(device.engine, &request, $0, $1) }
    guard let made else { throw Refusal(reason: reason.text) }
    convolution = made
    func offsets(_ axis: Int32, _ count: Int) -> [Int64] {
      var offsets = [Int64](repeating: 0, count: count)
      conednn_convolution_weight_offsets(made, axis, Int64(count), &offsets)
      return offsets
    }
    let extents = descriptor.extents
    let columns = offsets(3, extents.windowWidth)
    weights = ArrangedWeights(
      filters: offsets(0, extents.filters), channels: offsets(1, extents.channels),
      taps: offsets(2, extents.windowHeight).flatMap { row in columns.map { row + $0 } },
      byteCount: conednn_convolution_weight_bytes(made), on: device)
    self.descriptor = descriptor
    self.device = device
  }

  deinit { conednn_convolution_destroy(convolution) }

  var implementation: String {
    "oneDNN " + String(cString: conednn_convolution_implementation(convolution))
  }

  /// The library's part, then the weights.
  var scratchBytes: Int { libraryBytes + weights.byteCount }

  private var libraryBytes: Int {
    (conednn_convolution_scratch_bytes(convolution) + 63) / 64 * 64
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let arranged = (memory.scratch + libraryBytes).assumingMemoryBound(to: Float.self)
    let weights = weights.bind(packed: memory.floats(descriptor.weights), arranged: arranged)
    let status = conednn_convolution_bind(
      convolution, memory.floats(descriptor.images), memory.floats(descriptor.windows), arranged,
      descriptor.bias.map(memory.floats), memory.scratch)
    precondition(status == 0, "oneDNN refused an address, status \(status)")
    return descriptor.kind == .weightGradient
      ? BoundKernel {
        self.execute()
        weights.pack()
      }
      : BoundKernel {
        weights.arrange()
        self.execute()
      }
  }

  private func execute() {
    let status = conednn_convolution_execute(convolution)
    precondition(status == 0, "oneDNN failed in a prepared convolution, status \(status)")
  }
}

extension conednn_convolution_descriptor {
  fileprivate init(_ descriptor: ConvolutionDescriptor) {
    self.init()
    kind =
      switch descriptor.kind {
      case .convolution: CONEDNN_CONVOLUTION
      case .inputGradient: CONEDNN_INPUT_GRADIENT
      case .weightGradient: CONEDNN_WEIGHT_GRADIENT
      }
    let extents = descriptor.extents
    images = Int64(extents.images)
    channels = Int64(extents.channels)
    height = Int64(extents.height)
    width = Int64(extents.width)
    filters = Int64(extents.filters)
    window_rows = Int64(extents.windowRows)
    window_columns = Int64(extents.windowColumns)
    window_height = Int64(extents.windowHeight)
    window_width = Int64(extents.windowWidth)
    stride = Int64(descriptor.convolution.stride)
    padding = Int64(descriptor.convolution.padding)
    channels_last = descriptor.convolution.layout == .channelsLast
    has_bias = descriptor.bias != nil
  }
}
