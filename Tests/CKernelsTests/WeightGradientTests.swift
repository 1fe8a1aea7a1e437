import CKernels
import COneDNN
import Testing

@Suite(
  "Our loops for a convolution's weights", .serialized, .enabled(if: ck_weight_gradient_supported())
)
struct WeightGradientTests {
  /// One and several chunks of windows, panels that are full and that are not, padding on all sides.
  static let extents = [
    ConvolutionTests.Extents((1, 1, 1, 1), by: (1, 1, 1), stride: 1, padding: 0),
    ConvolutionTests.Extents((3, 32, 8, 8), by: (48, 4, 4), stride: 2, padding: 1),
    ConvolutionTests.Extents((2, 17, 5, 9), by: (13, 5, 2), stride: 3, padding: 2),
    ConvolutionTests.Extents((9, 48, 16, 17), by: (12, 3, 3), stride: 2, padding: 1),
    ConvolutionTests.Extents((2, 65, 7, 7), by: (25, 1, 3), stride: 1, padding: 2),
  ]

  @Test(arguments: extents)
  func equalPlainLoopsForEveryNumberOfMembers(extents: ConvolutionTests.Extents) {
    let convolution = ConvolutionCase(
      extents: extents, kind: CONEDNN_WEIGHT_GRADIENT, channelsLast: true, hasBias: false)
    var sizes = convolution.plainExtents
    let tensors = convolution.tensors()
    var computed: [[Float]] = []
    for members in [1, 2, 3] as [Int32] {
      var weights = tensors[2]
      withUnsafeTemporaryAllocation(
        byteCount: ck_weight_gradient_scratch_bytes(members), alignment: 64
      ) { scratch in
        ck_weight_gradient(
          &sizes, &weights, tensors[0], tensors[1], scratch.baseAddress, members)
      }
      computed.append(weights)
    }
    #expect(computed[1].map(\.bitPattern) == computed[0].map(\.bitPattern))
    #expect(computed[2].map(\.bitPattern) == computed[0].map(\.bitPattern))
    let expected = convolution.expected()
    let (channels, taps) = (extents.channels, extents.windowHeight * extents.windowWidth)
    let errors = expected.indices.map { place in
      let (filter, channel, tap) = (
        place / taps / channels, place / taps % channels, place % taps
      )
      return abs(computed[0][(filter * taps + tap) * channels + channel] - expected[place])
    }
    // Sums of at most 648 products of values below 1, rounded in another order.
    #expect(errors.allSatisfy { $0 < 5e-5 })
  }
}
