internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution's gradient in images of so few channels that oneDNN, which computes sixteen at a
/// time, would mostly compute zeros: a matrix product gives each window's share of its taps, and a
/// loop adds it. A generator's last layer has such a gradient.
struct FewChannelsGradient: KernelCandidate {
  static let name = "sums of taps"
  private let descriptor: ConvolutionDescriptor
  private let matmul: OneDNNMatmul
  private let extents: ck_convolution
  private let tapBytes: Int
  private let members: Int

  /// The most channels for which this is faster than oneDNN.
  private static let mostChannels = 6

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let extents = descriptor.extents
    guard descriptor.kind == .inputGradient, descriptor.convolution.layout == .channelsLast,
      extents.channels <= Self.mostChannels
    else { throw Refusal(reason: "no gradient in images of few channels, last") }
    let windowCount = extents.images * extents.windowRows * extents.windowColumns
    let tapCount = extents.channels * extents.windowHeight * extents.windowWidth
    matmul = try OneDNNMatmul(
      rows: windowCount, inner: extents.filters, columns: tapCount, on: device)
    tapBytes = windowCount * tapCount * MemoryLayout<Float>.size
    members = windowCount * tapCount >= smallestSharedWork ? device.threadCount : 1
    self.extents = ck_convolution(descriptor)
    self.descriptor = descriptor
  }

  var implementation: String { matmul.implementation + " and sums of taps, \(members) threads" }

  /// The library's part, then the taps.
  var scratchBytes: Int { libraryBytes + tapBytes }

  private var libraryBytes: Int { (matmul.scratchBytes + 63) / 64 * 64 }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let taps = (memory.scratch + libraryBytes).assumingMemoryBound(to: Float.self)
    let product = matmul.bind(
      lhs: memory.floats(descriptor.windows), rhs: memory.floats(descriptor.weights), result: taps,
      scratch: memory.scratch)
    let (extents, members) = (extents, Int32(members))
    let images = memory.floats(descriptor.images)
    return BoundKernel {
      product.run()
      withUnsafePointer(to: extents) { ck_convolution_sum_taps($0, images, taps, members) }
    }
  }
}
