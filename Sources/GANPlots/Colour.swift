import Foundation

/// A colour of sRGB.
package struct Colour: Hashable, Sendable {
  /// 0 (none) to 255.
  package let red: UInt8
  /// 0 (none) to 255.
  package let green: UInt8
  /// 0 (none) to 255.
  package let blue: UInt8

  /// Wraps three parts.
  package init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `0xRRGGBB`.
  package init(_ hexadecimal: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hexadecimal >> 16),
      green: UInt8(truncatingIfNeeded: hexadecimal >> 8),
      blue: UInt8(truncatingIfNeeded: hexadecimal))
  }

  /// The three parts as light, 0 to 1.
  ///
  /// - Source: IEC 61966-2-1, sRGB's transfer function.
  package var linear: SIMD3<Double> {
    let encoded = SIMD3(Double(red), Double(green), Double(blue)) / 255
    var light = SIMD3<Double>()
    for part in 0..<3 {
      let value = encoded[part]
      light[part] = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return light
  }

  /// The nearest colour to three parts of light; what lies outside sRGB is clamped.
  package init(linear light: SIMD3<Double>) {
    func encoded(_ light: Double) -> UInt8 {
      let value = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
      return UInt8((min(max(value, 0), 1) * 255).rounded())
    }
    self.init(red: encoded(light.x), green: encoded(light.y), blue: encoded(light.z))
  }

  /// Lightness, green to red, blue to yellow, in a space where distance is difference to the eye.
  ///
  /// - Source: Ottosson, "A perceptual color space for image processing", 2020 (OKLab).
  package var perceived: SIMD3<Double> {
    let light = linear
    let cones = SIMD3(
      cbrt(0.4122214708 * light.x + 0.5363325363 * light.y + 0.0514459929 * light.z),
      cbrt(0.2119034982 * light.x + 0.6806995451 * light.y + 0.1073969566 * light.z),
      cbrt(0.0883024619 * light.x + 0.2817188376 * light.y + 0.6299787005 * light.z))
    return SIMD3(
      0.2104542553 * cones.x + 0.7936177850 * cones.y - 0.0040720468 * cones.z,
      1.9779984951 * cones.x - 2.4285922050 * cones.y + 0.4505937099 * cones.z,
      0.0259040371 * cones.x + 0.7827717662 * cones.y - 0.8086757660 * cones.z)
  }

  /// The colour at a place of OKLab.
  package init(perceived lab: SIMD3<Double>) {
    var cones = SIMD3(
      lab.x + 0.3963377774 * lab.y + 0.2158037573 * lab.z,
      lab.x - 0.1055613458 * lab.y - 0.0638541728 * lab.z,
      lab.x - 0.0894841775 * lab.y - 1.2914855480 * lab.z)
    cones *= cones * cones
    self.init(
      linear: SIMD3(
        4.0767416621 * cones.x - 3.3077115913 * cones.y + 0.2309699292 * cones.z,
        -1.2684380046 * cones.x + 2.6097574011 * cones.y - 0.3413193965 * cones.z,
        -0.0041960863 * cones.x - 0.7034186147 * cones.y + 1.7076147010 * cones.z))
  }

  /// The ratio of two colours' luminances, 1 (the same) to 21 (black on white).
  ///
  /// - Source: W3C, Web Content Accessibility Guidelines 2.1, "contrast ratio".
  package func contrast(with other: Colour) -> Double {
    func luminance(_ colour: Colour) -> Double {
      let light = colour.linear
      return 0.2126 * light.x + 0.7152 * light.y + 0.0722 * light.z
    }
    let (mine, theirs) = (luminance(self), luminance(other))
    return (max(mine, theirs) + 0.05) / (min(mine, theirs) + 0.05)
  }
}
