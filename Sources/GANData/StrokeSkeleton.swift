/// A way of writing a digit: what a pen follows before a hand bends it.
///
/// Points are in hundredths of the digit's height, x to the right and y down. A stroke is the
/// smooth curve through its points; a point written twice is a corner.
struct StrokeSkeleton {
  /// The centre of a digit.
  static let centre = SIMD2<Float>(30, 50)

  /// The share of writers who write the digit so; our guess.
  let share: Float
  let strokes: [[SIMD2<Float>]]

  private init(_ share: Float, _ strokes: [SIMD2<Float>]...) {
    self.share = share
    self.strokes = strokes
  }

  /// The ways of writing each digit from 0 to 9; the shares of each add up to 1.
  static let ofDigits = [
    zeros, ones, twos, threes, fours, fives, sixes, sevens, eights, nines,
  ]

  /// Chooses among the ways of writing a digit.
  static func drawn(for digit: UInt8, by draws: inout RandomDraws) -> StrokeSkeleton {
    let ways = ofDigits[Int(digit)]
    var rest = draws.uniform()
    for way in ways.dropLast() {
      if rest < way.share { return way }
      rest -= way.share
    }
    return ways[ways.count - 1]
  }

  private static let zeros = [
    // Round, closed.
    StrokeSkeleton(
      0.45, [[36, 1], [11, 16], [3, 56], [18, 95], [46, 92], [60, 52], [51, 12], [30, 1]]),
    // Wide.
    StrokeSkeleton(
      0.3, [[44, 4], [12, 12], [-6, 54], [14, 95], [52, 92], [74, 46], [56, 6], [36, 6]]),
    // Narrow, the pen overshooting where it began.
    StrokeSkeleton(
      0.25,
      [
        [42, 10], [22, 10], [6, 50], [14, 94], [40, 90], [54, 48], [48, 10], [32, 1], [22, 14],
      ]),
  ]

  private static let ones = [
    StrokeSkeleton(0.82, [[31, 0], [30, 50], [30, 100]]),
    // With a flag.
    StrokeSkeleton(0.1, [[14, 22], [26, 12], [34, 0], [34, 0], [33, 50], [33, 100]]),
    // With a flag and a foot.
    StrokeSkeleton(
      0.08, [[12, 22], [24, 12], [34, 0], [34, 0], [34, 50], [34, 99]],
      [[8, 99], [34, 99], [60, 98]]),
  ]

  private static let twos = [
    // A corner at the foot.
    StrokeSkeleton(
      0.35,
      [
        [4, 22], [14, 5], [34, 0], [52, 12], [50, 36], [30, 68], [5, 97], [5, 97], [34, 95],
        [66, 95],
      ]),
    // A loop at the foot.
    StrokeSkeleton(
      0.3,
      [
        [6, 18], [22, 2], [44, 2], [55, 18], [50, 44], [34, 72], [16, 94], [3, 92], [8, 76],
        [28, 80], [48, 95], [70, 90],
      ]),
    // A wide loop, below a hook.
    StrokeSkeleton(
      0.2,
      [
        [8, 30], [4, 16], [18, 2], [42, 4], [54, 26], [48, 58], [30, 88], [10, 97], [0, 84],
        [12, 70], [34, 80], [54, 97], [72, 94],
      ]),
    // A short top, the foot a wave.
    StrokeSkeleton(
      0.15,
      [
        [10, 8], [30, 1], [44, 12], [42, 38], [26, 66], [4, 90], [4, 90], [30, 86], [50, 96],
        [70, 92],
      ]),
  ]

  private static let threes = [
    StrokeSkeleton(
      0.35,
      [
        [6, 12], [24, 0], [46, 6], [48, 26], [36, 40], [20, 46], [20, 46], [44, 54], [54, 74],
        [42, 94], [20, 100], [2, 90],
      ]),
    // The waist a small loop.
    StrokeSkeleton(
      0.25,
      [
        [4, 10], [26, 0], [47, 10], [42, 32], [24, 45], [30, 48], [48, 56], [54, 76], [40, 95],
        [18, 99], [0, 88],
      ]),
    // Both ends curled.
    StrokeSkeleton(
      0.15,
      [
        [8, 22], [8, 6], [28, 0], [46, 10], [46, 32], [32, 46], [16, 49], [34, 50], [52, 62],
        [52, 84], [32, 99], [8, 96], [4, 80],
      ]),
    // The waist round, without a corner.
    StrokeSkeleton(
      0.15,
      [
        [6, 10], [30, 0], [52, 12], [44, 32], [34, 44], [48, 58], [54, 76], [42, 94], [20, 100],
        [0, 96],
      ]),
    // A flat top.
    StrokeSkeleton(
      0.1,
      [
        [6, 4], [30, 3], [52, 2], [52, 2], [38, 22], [24, 42], [24, 42], [46, 50], [54, 72],
        [40, 94], [20, 100], [2, 92],
      ]),
  ]

  private static let fours = [
    // Open, with a corner.
    StrokeSkeleton(
      0.4, [[12, 2], [7, 28], [4, 52], [4, 52], [30, 53], [62, 50]],
      [[50, 4], [47, 50], [44, 100]]),
    // Open, a bowl.
    StrokeSkeleton(
      0.3, [[8, 2], [3, 34], [14, 52], [34, 50], [54, 40]], [[56, 2], [50, 50], [46, 100]]),
    // Closed, a triangle.
    StrokeSkeleton(
      0.15, [[44, 0], [22, 32], [2, 62], [2, 62], [32, 62], [66, 60]],
      [[44, 0], [44, 50], [43, 100]]),
    // In one line.
    StrokeSkeleton(
      0.15, [[8, 6], [5, 36], [18, 52], [40, 44], [54, 4], [54, 4], [50, 50], [46, 100]]),
  ]

  private static let fives = [
    StrokeSkeleton(
      0.4,
      [
        [60, 2], [38, 3], [18, 4], [18, 4], [15, 24], [12, 44], [12, 44], [32, 40], [50, 52],
        [54, 74], [38, 96], [18, 100], [2, 92],
      ]),
    // The bar apart.
    StrokeSkeleton(
      0.35,
      [
        [16, 8], [14, 26], [11, 42], [11, 42], [34, 44], [50, 58], [50, 80], [34, 98], [16, 99],
        [2, 90],
      ],
      [[17, 7], [38, 4], [66, 0]]),
    // Like an S.
    StrokeSkeleton(
      0.25,
      [
        [60, 4], [36, 2], [17, 14], [18, 36], [38, 50], [50, 68], [42, 90], [22, 100], [2, 93],
      ]),
  ]

  private static let sixes = [
    StrokeSkeleton(
      0.4,
      [
        [42, 1], [20, 24], [5, 58], [8, 86], [26, 100], [46, 90], [50, 70], [36, 57], [18, 64],
        [7, 80],
      ]),
    // A large bowl, wide open to the left.
    StrokeSkeleton(
      0.3,
      [
        [26, 0], [8, 30], [2, 66], [14, 95], [38, 98], [58, 80], [54, 56], [36, 50], [18, 64],
        [14, 84],
      ]),
    // A small bowl.
    StrokeSkeleton(
      0.3,
      [
        [34, 0], [16, 32], [4, 70], [10, 94], [28, 99], [46, 86], [44, 70], [28, 66], [12, 80],
        [12, 92],
      ]),
  ]

  private static let sevens = [
    StrokeSkeleton(0.4, [[2, 9], [28, 6], [56, 4], [56, 4], [40, 46], [26, 100]]),
    // With a hook.
    StrokeSkeleton(
      0.2, [[3, 26], [6, 7], [6, 7], [30, 6], [58, 4], [58, 4], [42, 46], [30, 100]]),
    // The corner round.
    StrokeSkeleton(0.15, [[2, 16], [20, 2], [46, 4], [52, 24], [40, 56], [30, 100]]),
    // The bar a wave.
    StrokeSkeleton(
      0.1, [[0, 20], [14, 4], [34, 10], [58, 6], [58, 6], [44, 40], [34, 70], [30, 100]]),
    // Crossed.
    StrokeSkeleton(
      0.15, [[2, 8], [28, 6], [58, 4], [58, 4], [40, 48], [28, 100]],
      [[12, 52], [34, 49], [58, 47]]),
  ]

  private static let eights = [
    // In one line, from the top right.
    StrokeSkeleton(
      0.4,
      [
        [50, 12], [32, 0], [12, 12], [14, 32], [34, 50], [48, 70], [44, 92], [24, 100], [8, 88],
        [12, 68], [32, 49], [50, 30], [50, 12], [46, 8],
      ]),
    // Two rings.
    StrokeSkeleton(
      0.2,
      [[32, 1], [14, 10], [13, 34], [30, 46], [48, 34], [49, 10], [32, 1]],
      [[30, 46], [9, 60], [7, 86], [28, 100], [52, 86], [52, 60], [30, 46]]),
    // The top right open.
    StrokeSkeleton(
      0.2,
      [
        [58, 6], [36, 2], [14, 14], [18, 36], [38, 54], [46, 76], [38, 96], [18, 98], [8, 82],
        [20, 62], [42, 40], [60, 10],
      ]),
    // A small ring below.
    StrokeSkeleton(
      0.2,
      [
        [56, 16], [38, 0], [12, 8], [8, 30], [28, 50], [40, 68], [38, 90], [24, 100], [14, 88],
        [20, 66], [44, 44], [58, 26], [54, 10],
      ]),
  ]

  private static let nines = [
    // A straight stem.
    StrokeSkeleton(
      0.4,
      [
        [52, 14], [34, 1], [12, 12], [5, 34], [18, 50], [38, 44], [53, 14], [53, 14], [50, 56],
        [44, 100],
      ]),
    // A stem in one curve with the ring.
    StrokeSkeleton(
      0.25,
      [
        [50, 20], [40, 4], [20, 4], [6, 24], [14, 46], [34, 46], [50, 24], [50, 56], [42, 86],
        [34, 100],
      ]),
    // A ring that does not close.
    StrokeSkeleton(
      0.15,
      [
        [44, 4], [24, 4], [6, 24], [12, 44], [32, 44], [50, 26], [54, 8], [52, 50], [46, 100],
      ]),
    // A hooked tail.
    StrokeSkeleton(
      0.2,
      [
        [52, 12], [34, 1], [12, 12], [7, 36], [24, 50], [44, 40], [53, 14], [54, 50], [46, 86],
        [28, 100], [8, 92],
      ]),
  ]
}
