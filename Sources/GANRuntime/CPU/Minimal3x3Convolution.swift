internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution of windows of 3 x 3 pixels at stride 1, in groups or not, or its gradient in the images, with 16
/// products in place of 36 (Lavin and Gray 2016): most of the work of residual networks.
final class Minimal3x3Convolution: KernelCandidate {
  static let name = "minimal filtering of 3 x 3"
  private let descriptor: ConvolutionDescriptor
  private let convolution: ck_minimal_3x3
  private let slope: Float
  private let members: Int32

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let (convolution, extents) = (descriptor.convolution, descriptor.extents)
    guard convolution.layout == .channelsLast, convolution.stride == 1, convolution.padding <= 2,
      extents.windowHeight == 3, extents.windowWidth == 3
    else { throw Refusal(reason: "no windows of 3 x 3 at stride 1 over channels that come last") }
    let multiple = Int(CK_MINIMAL_CHANNELS)
    guard extents.groupChannels.isMultiple(of: multiple),
      extents.groupFilters.isMultiple(of: multiple),
      max(extents.channels, extents.filters) <= Int(CK_WIDEST_PIXEL)
    else {
      throw Refusal(
        reason: "\(extents.groupChannels) and \(extents.groupFilters) channels in a group")
    }
    // The core multiplies bfloat16 twice as fast.
    guard device.precision == .float32 || extents.groups > 1 else {
      throw Refusal(reason: "sums of pixels are float32")
    }
    guard descriptor.kind != .weightGradient else { throw Refusal(reason: "a gradient in weights") }
    slope = try descriptor.negativeSlope()
    self.descriptor = descriptor
    self.convolution =
      descriptor.kind == .convolution
      ? ck_minimal_3x3(
        images: Int64(extents.images), height: Int64(extents.height), width: Int64(extents.width),
        channels: Int64(extents.groupChannels), groups: Int64(extents.groups),
        filters: Int64(extents.groupFilters), window_rows: Int64(extents.windowRows),
        window_columns: Int64(extents.windowColumns), padding: Int64(convolution.padding),
        is_gradient: false)
      : ck_minimal_3x3(
        images: Int64(extents.images), height: Int64(extents.windowRows),
        width: Int64(extents.windowColumns), channels: Int64(extents.groupFilters),
        groups: Int64(extents.groups), filters: Int64(extents.groupChannels),
        window_rows: Int64(extents.height), window_columns: Int64(extents.width),
        padding: Int64(2 - convolution.padding), is_gradient: true)
    members = device.members(forWork: extents.multiplyAddCount)
  }

  var implementation: String {
    "core \(CPUDevice.instructionSet(.float32)), \(members) threads, minimal filtering"
  }

  var scratchBytes: Int {
    withUnsafePointer(to: convolution) { ck_minimal_3x3_scratch_bytes($0, members) }
  }

  var preparedOperands: [PreparedOperand] { [.minimal3x3Weights(weights)] }

  private var weights: Minimal3x3Weights {
    Minimal3x3Weights(
      source: descriptor.weights, channels: Int(convolution.channels),
      groups: Int(convolution.groups), filters: Int(convolution.filters),
      isGradient: convolution.is_gradient)
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    let (source, result) = convolution.is_gradient ? (windows, images) : (images, windows)
    let packed = memory.prepared(.minimal3x3Weights(weights))
    let bias = descriptor.bias.map(memory.floats)
    let (convolution, slope, scratch, members) = (convolution, slope, memory.scratch, members)
    return BoundKernel {
      withUnsafePointer(to: convolution) {
        ck_minimal_3x3_run($0, source, packed, bias, slope, result, scratch, members)
      }
    }
  }
}

/// The weights of 3 x 3 windows as minimal filtering multiplies them, or as their gradient in images does.
struct Minimal3x3Weights: Hashable {
  /// The weights as they are stored, `[groups * filters, channels, 3, 3]`, or of a gradient
  /// `[groups * channels, filters, 3, 3]`.
  let source: NodeID
  /// Of a group, as is `filters`.
  let channels: Int
  let groups: Int
  let filters: Int
  let isGradient: Bool

  /// Bytes of the packed weights.
  var byteCount: Int {
    groups * channels * filters * Int(CK_MINIMAL_3X3_NINTHS) * MemoryLayout<Float>.size
  }

  /// The kernel that packs.
  func bind(
    _ source: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>,
    on device: CPUDevice
  ) -> BoundKernel {
    let convolution = ck_minimal_3x3(
      images: 0, height: 0, width: 0, channels: Int64(channels), groups: Int64(groups),
      filters: Int64(filters), window_rows: 0, window_columns: 0, padding: 0,
      is_gradient: isGradient)
    let members = device.members(forWork: byteCount)
    return BoundKernel {
      withUnsafePointer(to: convolution) { ck_minimal_3x3_pack($0, source, packed, members) }
    }
  }
}
