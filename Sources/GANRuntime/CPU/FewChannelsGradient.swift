internal import CKernels
internal import GANGraph
internal import GANTensor

/// A convolution's gradient in images of so few channels that the core, which computes a
/// vector of them at a time, would mostly compute zeros: a matrix product gives each window's share of its taps, and a
/// loop adds it. A generator's last layer has such a gradient.
struct FewChannelsGradient: KernelCandidate {
  static let name = "sums of taps"
  private let descriptor: ConvolutionDescriptor
  private let product: RowProduct
  private let extents: ck_convolution
  private let tapBytes: Int
  private let members: Int32

  /// The most channels for which this is faster.
  private static let mostChannels = 6

  init(preparing descriptor: ConvolutionDescriptor, on device: CPUDevice) throws(Refusal) {
    let extents = descriptor.extents
    guard descriptor.kind == .inputGradient, descriptor.convolution.layout == .channelsLast,
      extents.channels <= Self.mostChannels, extents.groups == 1
    else { throw Refusal(reason: "no gradient in images of few channels, last") }
    let windowCount = extents.images * extents.windowRows * extents.windowColumns
    let tapCount = extents.channels * extents.windowHeight * extents.windowWidth
    let rows = [RowGrid(images: windowCount, sourcePixel: extents.filters)]
    product = try RowProduct(
      rows, inner: extents.filters,
      weights: PackedWeights(
        matrix: descriptor.weights, inner: extents.filters, columns: tapCount, isTransposed: false,
        precision: RowProduct.precision(rows, columns: tapCount, on: device)),
      source: descriptor.windows, activation: nil, on: device)
    tapBytes = windowCount * tapCount * MemoryLayout<Float>.size
    members = device.members(forWork: windowCount * tapCount)
    self.extents = ck_convolution(descriptor)
    self.descriptor = descriptor
  }

  var implementation: String { product.implementation + ", sums of taps" }

  var preparedOperands: [PreparedOperand] { product.preparedOperands }

  var scratchBytes: Int { tapBytes }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let taps = memory.scratch.assumingMemoryBound(to: Float.self)
    let product = product.bind(
      source: memory.floats(descriptor.windows), bias: nil, result: taps, in: memory)
    let (extents, members, images) = (extents, members, memory.floats(descriptor.images))
    return product.followed(
      by: BoundKernel {
        withUnsafePointer(to: extents) { ck_convolution_sum_taps($0, images, taps, members) }
      })
  }
}
