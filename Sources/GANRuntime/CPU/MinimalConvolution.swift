internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution of windows of 4 x 4 pixels at stride 2, or a gradient of one, with 9 products in place of 16
/// (Lavin and Gray 2016): most of the work of a DCGAN.
final class MinimalConvolution: KernelCandidate {
  static let name = "minimal filtering"
  private let descriptor: ConvolutionDescriptor
  private let convolution: ck_minimal
  private let precision: Precision
  private let slope: Float
  private let members: Int32

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let (convolution, extents) = (descriptor.convolution, descriptor.extents)
    guard convolution.layout == .channelsLast, convolution.groups == 1, convolution.stride == 2,
      extents.windowHeight == 4, extents.windowWidth == 4
    else { throw Refusal(reason: "no windows of 4 x 4 at stride 2 over channels that come last") }
    let multiple = Int(CK_MINIMAL_CHANNELS)
    guard extents.channels.isMultiple(of: multiple), extents.filters.isMultiple(of: multiple),
      max(extents.channels, extents.filters) <= Int(CK_WIDEST_PIXEL)
    else { throw Refusal(reason: "\(extents.channels) and \(extents.filters) channels") }
    slope = try descriptor.negativeSlope()
    self.descriptor = descriptor
    self.convolution = ck_minimal(
      images: Int64(extents.images), height: Int64(extents.height), width: Int64(extents.width),
      channels: Int64(extents.channels), filters: Int64(extents.filters),
      window_rows: Int64(extents.windowRows), window_columns: Int64(extents.windowColumns),
      padding: Int64(convolution.padding), precision: device.precision.core)
    precision = device.precision
    members = device.members(forWork: extents.multiplyAddCount)
  }

  var implementation: String {
    "core \(CPUDevice.instructionSet(precision)), \(members) threads, minimal filtering"
  }

  var scratchBytes: Int {
    withUnsafePointer(to: convolution) {
      descriptor.kind == .weightGradient
        ? ck_minimal_weight_gradient_scratch_bytes($0) : ck_minimal_scratch_bytes($0, members)
    }
  }

  var preparedOperands: [PreparedOperand] {
    descriptor.kind == .weightGradient ? [] : [.minimalWeights(weights)]
  }

  private var weights: MinimalWeights {
    MinimalWeights(
      source: descriptor.weights, channels: descriptor.extents.channels,
      filters: descriptor.extents.filters, isGradient: descriptor.kind == .inputGradient,
      precision: precision)
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    let (convolution, slope, scratch, members) = (convolution, slope, memory.scratch, members)
    switch descriptor.kind {
    case .convolution:
      let packed = memory.prepared(.minimalWeights(weights))
      let bias = descriptor.bias.map(memory.floats)
      return BoundKernel {
        withUnsafePointer(to: convolution) {
          ck_minimal_run($0, images, packed, bias, slope, windows, scratch, members)
        }
      }
    case .inputGradient:
      let packed = memory.prepared(.minimalWeights(weights))
      return BoundKernel {
        withUnsafePointer(to: convolution) {
          ck_minimal_image_gradient_run($0, windows, packed, images, scratch, members)
        }
      }
    case .weightGradient:
      let gradient = memory.floats(descriptor.weights)
      return BoundKernel {
        withUnsafePointer(to: convolution) {
          ck_minimal_weight_gradient_run($0, images, windows, gradient, scratch, members)
        }
      }
    }
  }
}

/// A convolution's weights as minimal filtering multiplies them, or as their gradient in images does.
struct MinimalWeights: Hashable {
  /// The weights as they are stored, `[filters, channels, 4, 4]`.
  let source: NodeID
  let channels: Int
  let filters: Int
  let isGradient: Bool
  /// What they are multiplied as.
  let precision: Precision

  /// Bytes of the packed weights.
  var byteCount: Int {
    let units = precision == .bfloat16 ? channels * filters / 2 : channels * filters
    return units * 4 * Int(CK_MINIMAL_QUARTERS) * MemoryLayout<Float>.size
  }

  /// The kernel that packs.
  func bind(
    _ source: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>,
    on device: CPUDevice
  ) -> BoundKernel {
    let convolution = ck_minimal(
      images: 0, height: 0, width: 0, channels: Int64(channels), filters: Int64(filters),
      window_rows: 0, window_columns: 0, padding: 0, precision: precision.core)
    let (isGradient, members) = (isGradient, device.members(forWork: byteCount))
    return BoundKernel {
      withUnsafePointer(to: convolution) {
        ck_minimal_pack($0, isGradient, source, packed, members)
      }
    }
  }
}
