package import GANGraph
package import GANTensor

/// A use of random numbers in augmentations or flips; the raw value names them in traces.
///
/// Among those of one purpose the place here is a number of `docs/randomness.md`, which never changes:
/// new ones come last.
package enum AugmentationRandomness: String, CaseIterable, Hashable, Sendable {
  case brightness, saturation, contrast
  case translationRows, translationColumns
  case cutoutRows, cutoutColumns
  case horizontalFlip

  // Of geometry.
  case mirror = "geometry.mirror"
  case quarterTurns = "geometry.quarterTurns"
  case shiftRows = "geometry.shiftRows"
  case shiftColumns = "geometry.shiftColumns"
  case scale = "geometry.scale"
  case firstRotation = "geometry.firstRotation"
  case stretch = "geometry.stretch"
  case secondRotation = "geometry.secondRotation"
  case offsetRows = "geometry.offsetRows"
  case offsetColumns = "geometry.offsetColumns"

  // Of photometry.
  case photometricBrightness = "photometry.brightness"
  case photometricContrast = "photometry.contrast"
  case lumaFlip = "photometry.lumaFlip"
  case hue = "photometry.hue"
  case photometricSaturation = "photometry.saturation"

  // Whether a change happens to an image.
  case colorChance = "chance.color"
  case translationChance = "chance.translation"
  case cutoutChance = "chance.cutout"
  case mirrorChance = "chance.mirror"
  case quarterTurnsChance = "chance.quarterTurns"
  case shiftChance = "chance.shift"
  case scaleChance = "chance.scale"
  case firstRotationChance = "chance.firstRotation"
  case stretchChance = "chance.stretch"
  case secondRotationChance = "chance.secondRotation"
  case offsetChance = "chance.offset"
  case photometricBrightnessChance = "chance.brightness"
  case photometricContrastChance = "chance.contrast"
  case lumaFlipChance = "chance.lumaFlip"
  case hueChance = "chance.hue"
  case photometricSaturationChance = "chance.saturation"

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
    case .mirror, .quarterTurns, .shiftRows, .shiftColumns, .scale, .firstRotation, .stretch,
      .secondRotation, .offsetRows, .offsetColumns:
      .geometry
    case .photometricBrightness, .photometricContrast, .lumaFlip, .hue, .photometricSaturation:
      .photometry
    case .colorChance, .translationChance, .cutoutChance, .mirrorChance, .quarterTurnsChance,
      .shiftChance, .scaleChance, .firstRotationChance, .stretchChance, .secondRotationChance,
      .offsetChance, .photometricBrightnessChance, .photometricContrastChance, .lumaFlipChance,
      .hueChance, .photometricSaturationChance:
      .augmentationChance
    }
  }

  /// The place among the numbers of its purpose, from 0, which the step of the stream tells apart.
  package var number: Int {
    Self.allCases.filter { $0.purpose == purpose }.firstIndex(of: self) ?? 0
  }

  /// The distribution of each number.
  package var distribution: RandomDistribution {
    switch self {
    case .scale, .stretch, .offsetRows, .offsetColumns, .photometricBrightness,
      .photometricContrast, .photometricSaturation:
      .normal
    case .brightness, .saturation, .contrast, .translationRows, .translationColumns, .cutoutRows,
      .cutoutColumns, .horizontalFlip, .mirror, .quarterTurns, .shiftRows, .shiftColumns,
      .firstRotation, .secondRotation, .lumaFlip, .hue, .colorChance, .translationChance,
      .cutoutChance, .mirrorChance, .quarterTurnsChance, .shiftChance, .scaleChance,
      .firstRotationChance, .stretchChance, .secondRotationChance, .offsetChance,
      .photometricBrightnessChance, .photometricContrastChance, .lumaFlipChance, .hueChance,
      .photometricSaturationChance:
      .uniform
    }
  }
}
