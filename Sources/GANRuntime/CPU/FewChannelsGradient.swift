internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution's gradient in images of so few channels that oneDNN, which computes sixteen at a time,
/// would mostly compute zeros: a matrix product gives what each window adds to its taps, and a loop
/// adds it. A generator's last layer is such.
final class FewChannelsGradient: CPUKernel {
  private let descriptor: ConvolutionDescriptor
  private let matmul: OneDNNMatmul
  private var extents: ck_convolution
  private let tapBytes: Int
  private let members: Int
  private var taps: UnsafeMutablePointer<Float>?
  private var images: UnsafeMutablePointer<Float>?

  /// With more, oneDNN is as fast.
  private static let mostChannels = 6

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let extents = descriptor.extents
    guard descriptor.kind == .inputGradient, descriptor.convolution.layout == .channelsLast,
      extents.channels <= Self.mostChannels
    else { throw Refusal(reason: "enough channels") }
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

  func bind(_ memory: KernelMemory) {
    let taps = (memory.scratch + libraryBytes).assumingMemoryBound(to: Float.self)
    matmul.bind(
      lhs: memory.floats(descriptor.windows), rhs: memory.floats(descriptor.weights), result: taps,
      scratch: memory.scratch)
    (self.taps, images) = (taps, memory.floats(descriptor.images))
  }

  func run() {
    matmul.run()
    ck_convolution_sum_taps(&extents, images, taps, Int32(members))
  }
}
