import COneDNN
import Testing

/// One after another: callers on several threads would each bring a team of spinning threads.
@Suite("Convolutions by oneDNN equal plain loops", .serialized)
struct ConvolutionTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let (images, channels, height, width): (Int, Int, Int, Int)
    let (filters, windowHeight, windowWidth): (Int, Int, Int)
    let (stride, padding): (Int, Int)

    init(
      _ images: (Int, Int, Int, Int), by weights: (Int, Int, Int), stride: Int, padding: Int
    ) {
      (self.images, channels, height, width) = images
      (filters, windowHeight, windowWidth) = weights
      (self.stride, self.padding) = (stride, padding)
    }

    var testDescription: String {
      "[\(images), \(channels), \(height), \(width)] by [\(filters), \(channels), "
        + "\(windowHeight), \(windowWidth)], stride \(stride), padding \(padding)"
    }
  }

  /// What networks have, in small; extents of 1; pixels no window reaches; windows all padding.
  static let extents = [
    Extents((1, 1, 1, 1), by: (1, 1, 1), stride: 1, padding: 0),
    Extents((2, 1, 8, 8), by: (16, 4, 4), stride: 2, padding: 1),
    Extents((2, 3, 9, 8), by: (17, 3, 3), stride: 1, padding: 1),
    Extents((3, 32, 8, 8), by: (48, 4, 4), stride: 2, padding: 1),
    Extents((2, 33, 4, 4), by: (1, 4, 4), stride: 1, padding: 0),
    Extents((2, 16, 4, 4), by: (100, 4, 4), stride: 1, padding: 0),
    Extents((1, 5, 7, 10), by: (7, 5, 2), stride: 3, padding: 2),
    Extents((2, 16, 5, 5), by: (16, 1, 1), stride: 2, padding: 2),
  ]

  static let kinds = [CONEDNN_CONVOLUTION, CONEDNN_INPUT_GRADIENT, CONEDNN_WEIGHT_GRADIENT]

  @Test(arguments: extents, [false, true])
  func everyKindAgrees(extents: Extents, channelsLast: Bool) throws {
    for (kind, hasBias) in Self.kinds.map({ ($0, false) }) + [(CONEDNN_CONVOLUTION, true)] {
      let convolution = ConvolutionCase(
        extents: extents, kind: kind, channelsLast: channelsLast, hasBias: hasBias)
      let (computed, expected) = (try convolution.computed(), convolution.expected())
      // Sums of at most 800 products of values below 1, rounded in another order.
      let errors = zip(computed, expected).map { abs($0 - $1) }
      #expect(errors.count == expected.count)
      #expect(errors.allSatisfy { $0 < 5e-5 }, "kind \(kind.rawValue), bias \(hasBias)")
    }
  }

  @Test func whatNoConvolutionIsIsRefusedWithAReason() throws {
    let engine = try Engine()
    let sound = ConvolutionCase(
      extents: Self.extents[1], kind: CONEDNN_CONVOLUTION, channelsLast: false, hasBias: false
    ).descriptor
    let changes: [(inout conednn_convolution_descriptor) -> Void] = [
      { $0.channels = 0 }, { $0.stride = 0 }, { $0.padding = -1 }, { $0.window_rows += 1 },
      { $0.images = 1 << 31 }, { $0.post_op_count = 5 },
      {
        $0.kind = CONEDNN_INPUT_GRADIENT
        $0.has_bias = true
      },
    ]
    for (number, change) in changes.enumerated() {
      var descriptor = sound
      change(&descriptor)
      let (convolution, reason) = engine.prepare(descriptor)
      #expect(convolution == nil, "change \(number)")
      #expect(reason.contains("convolution of ["), "change \(number): \(reason)")
    }
  }
}

extension Engine {
  func prepare(
    _ descriptor: conednn_convolution_descriptor
  ) -> (convolution: OpaquePointer?, reason: String) {
    var descriptor = descriptor
    var reason = [CChar](repeating: 0, count: 256)
    let convolution = conednn_convolution_create(handle, &descriptor, &reason, reason.count)
    return (convolution, text(reason))
  }
}
