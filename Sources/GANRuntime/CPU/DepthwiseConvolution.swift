internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution with one filter for each channel, or its gradient in the images: a pixel's channels,
/// which lie side by side, are multiplied by a tap's weights of all of them at once. Resampling by a
/// fixed filter is such a convolution.
struct DepthwiseConvolution: KernelCandidate {
  static let name = "one filter for each channel"
  private let descriptor: ConvolutionDescriptor
  private let extents: ck_convolution
  private let members: Int32

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let extents = descriptor.extents
    guard descriptor.convolution.layout == .channelsLast, extents.groups == extents.channels,
      extents.filters == extents.channels, descriptor.kind != .weightGradient
    else { throw Refusal(reason: "not one filter for each channel, last") }
    guard descriptor.bias == nil, descriptor.activation == nil else {
      throw Refusal(reason: "something follows")
    }
    guard extents.tapCount <= Int(CK_MOST_DEPTHWISE_TAPS) else {
      throw Refusal(reason: "\(extents.tapCount) taps")
    }
    self.descriptor = descriptor
    self.extents = ck_convolution(descriptor)
    members = device.members(forWork: extents.multiplyAddCount)
  }

  var implementation: String { "\(Self.name), \(members) threads" }

  /// The weights, tap after tap.
  var scratchBytes: Int {
    descriptor.extents.channels * descriptor.extents.tapCount * MemoryLayout<Float>.size
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    let weights = memory.floats(descriptor.weights)
    let arranged = memory.scratch.assumingMemoryBound(to: Float.self)
    let (extents, members, kind) = (extents, members, descriptor.kind)
    return BoundKernel {
      withUnsafePointer(to: extents) { extents in
        if kind == .convolution {
          ck_depthwise(extents, windows, images, weights, arranged, members)
        } else {
          ck_depthwise_images(extents, images, windows, weights, arranged, members)
        }
      }
    }
  }
}
