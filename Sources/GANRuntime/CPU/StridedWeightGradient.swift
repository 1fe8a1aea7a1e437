internal import CKernels
internal import GANGraph
internal import GANTensor

/// The gradient in a convolution's weights in our own loops, where windows skip pixels: there oneDNN's
/// loops over channels last are slower than over blocks.
struct StridedWeightGradient: KernelCandidate {
  static let name = "vector loops"
  private let descriptor: ConvolutionDescriptor
  private let weights: ArrangedWeights
  private let members: Int

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    guard ck_weight_gradient_supported() else { throw Refusal(reason: "no AVX-512") }
    // Of fewer channels than a vector has lanes most of a panel would be zeros.
    guard descriptor.kind == .weightGradient, descriptor.convolution.layout == .channelsLast,
      descriptor.convolution.stride > 1, descriptor.extents.channels >= 16
    else { throw Refusal(reason: "no gradient in the weights of windows apart") }
    let isShared = descriptor.extents.multiplyAddCount >= smallestSharedWork
    members = isShared ? device.threadCount : 1
    weights = ArrangedWeights(channelsLast: descriptor.extents, on: device)
    self.descriptor = descriptor
  }

  var implementation: String { "vector loops, \(members) threads" }

  /// The weights with their channels last, then the packed operands.
  var scratchBytes: Int { weightBytes + ck_weight_gradient_scratch_bytes(Int32(members)) }

  private var weightBytes: Int { (weights.byteCount + 63) / 64 * 64 }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let arranged = memory.scratch.assumingMemoryBound(to: Float.self)
    let weights = weights.bind(packed: memory.floats(descriptor.weights), arranged: arranged)
    let (images, windows) = (memory.floats(descriptor.images), memory.floats(descriptor.windows))
    let (scratch, members) = (memory.scratch + weightBytes, Int32(members))
    let extents = ck_convolution(descriptor)
    return BoundKernel {
      withUnsafePointer(to: extents) {
        ck_weight_gradient($0, arranged, images, windows, scratch, members)
      }
      weights.pack()
    }
  }
}
