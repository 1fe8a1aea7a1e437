/// A device's properties for passes and planning: the layout its kernels want, how much they can do
/// at once, and their work beside multiplying.
///
/// Every profile gives the same values up to rounding; each device chooses the fastest.
package struct PlanningProfile: Hashable, Sendable {
  /// The layout of images where convolutions compute.
  package enum ImageArrangement: Sendable {
    /// As networks are written, with the channels first.
    case asWritten
    /// With a pixel's channels side by side.
    case channelsLast
  }

  /// The layout of images for convolutions and all that is computed between them.
  package var imageArrangement: ImageArrangement
  /// Elements that a region's kernel computes at a time; a sum in a region has a row of channels in
  /// them.
  package var tileElements: Int
  /// The most nodes of a region: with more, its registers would leave the fastest memory.
  package var largestRegion: Int
  /// The divisor of the channels of a sum in a region; nil where regions add up nothing.
  package var channelSumWidth: Int?
  /// The work of products beside multiplying.
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

/// The work that a device's products can do beside multiplying.
package enum ProductFusion: Sendable {
  /// Nothing.
  case none
  /// Add a bias and apply an activation.
  case activations
  /// That; and where the product is a parameter's gradient, add up its terms and make the step of
  /// Adam it is for.
  case optimiser
}
