import Foundation
import Testing

@testable import GANPlots

@Suite("Colours")
struct ColourTests {
  @Test(arguments: Theme.allCases)
  func wordsAndDataStandOut(theme: Theme) {
    let paper = Ink.background.colour(in: theme)
    // WCAG 2.1: 4.5 for text (1.4.3), 3 for graphics (1.4.11).
    for ink in [Ink.text, .muted] {
      #expect(ink.colour(in: theme).contrast(with: paper) >= 4.5, "\(ink)")
    }
    for index in 0..<Ink.seriesCount {
      let contrast = Ink.series(index).colour(in: theme).contrast(with: paper)
      #expect(contrast >= 3, "series \(index): \(contrast)")
    }
  }

  /// - Source: Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color
  ///   Vision Deficiency", 2009, severity 1, on linear light.
  static let deficiencies: [(name: String, rows: [SIMD3<Double>])] = [
    ("none", [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]),
    (
      "protanopia",
      [
        SIMD3(0.152286, 1.052583, -0.204868), SIMD3(0.114503, 0.786281, 0.099216),
        SIMD3(-0.003882, -0.048116, 1.051998),
      ]
    ),
    (
      "deuteranopia",
      [
        SIMD3(0.367322, 0.860646, -0.227968), SIMD3(0.280085, 0.672501, 0.047413),
        SIMD3(-0.011820, 0.042940, 0.968881),
      ]
    ),
    (
      "tritanopia",
      [
        SIMD3(1.255528, -0.076749, -0.178779), SIMD3(-0.078411, 0.930809, 0.147602),
        SIMD3(0.004733, 0.691367, 0.303900),
      ]
    ),
  ]

  @Test(arguments: Theme.allCases)
  func seriesDifferToColourBlindReaders(theme: Theme) {
    for (name, rows) in Self.deficiencies {
      let seen = (0..<Ink.seriesCount).map { index in
        let light = Ink.series(index).colour(in: theme).linear
        return Colour(
          linear: SIMD3((rows[0] * light).sum(), (rows[1] * light).sum(), (rows[2] * light).sum())
        )
        .perceived
      }
      for first in seen.indices {
        for second in seen.indices.dropFirst(first + 1) {
          let way = seen[first] - seen[second]
          let distance = (way * way).sum().squareRoot()
          // A just noticeable difference is about 0.02.
          #expect(distance > 0.12, "\(name): series \(first) and \(second) are \(distance) apart")
        }
      }
    }
  }

  @Test func luminanceAgreesWithKnownContrasts() {
    #expect(abs(Colour(0xffffff).contrast(with: Colour(0x000000)) - 21) < 1e-9)
    // The darkest gray that the guidelines call sufficient on white.
    #expect(abs(Colour(0x767676).contrast(with: Colour(0xffffff)) - 4.54) < 0.005)
  }

  @Test func perceivedColoursComeBack() {
    for part in stride(from: 0 as UInt32, through: 0xffffff, by: 0x01f3d7) {
      #expect(Colour(perceived: Colour(part).perceived) == Colour(part))
    }
  }

  @Test func sequentialColoursGetBrighterEvenly() {
    let shades = (0...254).map { ColourMap.sequential.colour(at: Double($0) / 254).perceived }
    let ways = zip(shades, shades.dropFirst()).map { $1 - $0 }
    // Rounding to 8 bits moves a colour by up to 0.003.
    #expect(ways.allSatisfy { $0.x > -0.003 })
    #expect(shades[254].x - shades[0].x > 0.5)
    // Over sixteen steps rounding counts little: no stretch of the way is twice another.
    let strides = stride(from: 0, to: 240, by: 16).map { start in
      let way = shades[start + 16] - shades[start]
      return (way * way).sum().squareRoot()
    }
    #expect(strides.allSatisfy { way in strides.allSatisfy { way < 2 * $0 } }, "\(strides)")
  }

  @Test func divergingColoursAreBrightestInTheMiddle() {
    let light = (0...100).map { ColourMap.diverging.colour(at: Double($0) / 100).perceived.x }
    #expect(light[...50].elementsEqual(light[...50].sorted()))
    #expect(light[50...].elementsEqual(light[50...].sorted(by: >)))
    #expect(ColourMap.diverging.colour(at: 0.5) == Colour(0xf5f5f3))
  }

  @Test func whatIsNotANumberHasNoColour() {
    #expect(ColourMap.step(at: .nan) == ColourMap.clear)
    #expect(ColourMap.step(at: -1) == 0)
    #expect(ColourMap.step(at: 2) == 254)
  }
}
