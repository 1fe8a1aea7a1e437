import GANData
import GANNetworks
package import GANTensor

// The recipe of a run for which none is named.
extension Recipe {
  /// The name that leaves the choice to the data.
  package static let automatic = "auto"

  /// Pictures of which a discriminator does not soon know each by heart: there are recipes for more
  /// and for fewer.
  ///
  /// - Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020,
  ///   arXiv:2006.06676, figure 1: below some ten thousands distances to the data turn up again.
  static let manyPictures = 20_000

  /// The recipe that fits data.
  ///
  /// The tutorial's for what it was written for, gray data sets with a name, and for points; for
  /// pictures the convolutional one whose layers can halve their side down to a window of at least
  /// three; fully connected networks where none can.
  ///
  /// - Parameters:
  ///   - shape: `[C, H, W]` of an image, `[D]` of a point.
  ///   - count: Items.
  ///   - isNamed: True for a data set that has a name of its own, in its own size.
  package static func fitting(_ shape: Shape, count: Int, isNamed: Bool) -> Recipe {
    guard shape.rank == 3 else { return tutorial }
    let isMany = count >= manyPictures
    if shape[0] == 1, isNamed || (isMany && shape == tutorial.options.itemShape) { return tutorial }
    let candidates = isMany ? [photos64, dcgan32, dcgan28] : [photos64, photos32, photos28]
    return candidates.first { $0.makes(shape) } ?? mlpLarge
  }

  private func makes(_ shape: Shape) -> Bool {
    let (side, doublings) = (shape[1], options.generator.hidden.count)
    return side == shape[2] && side.isMultiple(of: 1 << doublings) && side >> doublings >= 3
  }

  /// Steps that the recipe's length is made for.
  package var wantedSteps: Int { options.totalSteps }
}
