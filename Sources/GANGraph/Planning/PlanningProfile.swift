/// What passes and planning must know of a device: which layout its kernels want, how much they can do
/// at once, and what they can do beside multiplying.
///
/// Every profile gives the same values up to rounding; which is fastest is the device's to say.
package struct PlanningProfile: Hashable, Sendable {
  /// How images lie where convolutions compute.
  package enum ImageArrangement: Sendable {
    /// As networks are written, with the channels first.
    case asWritten
    /// With a pixel's channels side by side.
    case channelsLast
  }

  /// What convolutions, and all that is computed between them, want of images.
  package var imageArrangement: ImageArrangement
  /// Elements that a region's kernel computes at a time; a sum in a region has a row of channels in
  /// them.
  package var tileElements: Int
  /// The most nodes of a region: with more, its registers would leave the fastest memory.
  package var largestRegion: Int
  /// What the channels of a sum in a region are a multiple of; nil where regions add up nothing.
  package var channelSumWidth: Int?
  /// What products do beside multiplying.
  package var productFusion: ProductFusion

  package init(
    imageArrangement: ImageArrangement, tileElements: Int, largestRegion: Int,
    channelSumWidth: Int?, productFusion: ProductFusion
  ) {
    precondition(tileElements > 0, "a tile has at least one element; got \(tileElements)")
    precondition(largestRegion > 0, "a region has at least one node; got \(largestRegion)")
    self.imageArrangement = imageArrangement
    self.tileElements = tileElements
    self.largestRegion = largestRegion
    self.channelSumWidth = channelSumWidth
    self.productFusion = productFusion
  }
}

/// What a device's products can do beside multiplying.
package enum ProductFusion: Sendable {
  /// Nothing.
  case none
  /// Add a bias and apply an activation.
  case activations
  /// That; and where the product is a parameter's gradient, add up its terms and make the step of
  /// Adam it is for.
  case optimiser
}
