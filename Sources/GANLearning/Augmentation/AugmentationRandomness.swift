package import GANTensor

/// A use of random numbers in augmentations or flips; the raw value names them in traces.
package enum AugmentationRandomness: String, CaseIterable, Hashable, Sendable {
  case brightness, saturation, contrast
  case translationRows, translationColumns
  case cutoutRows, cutoutColumns
  case horizontalFlip

  /// The stream they come from.
  package var purpose: RandomPurpose {
    switch self {
    case .brightness: .brightness
    case .saturation: .saturation
    case .contrast: .contrast
    case .translationRows: .translationRows
    case .translationColumns: .translationColumns
    case .cutoutRows: .cutoutRows
    case .cutoutColumns: .cutoutColumns
    case .horizontalFlip: .horizontalFlip
    }
  }
}
