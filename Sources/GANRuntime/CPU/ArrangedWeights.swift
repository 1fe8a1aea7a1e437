internal import CKernels
internal import GANGraph

/// Weights of a convolution in another layout than `[K, C, kH, kW]`: a weight lies at the sum of its
/// filter's, its channel's and its tap's offset. Its identity is the memory of those offsets.
final class ArrangedWeights {
  /// Bytes they take in their layout.
  let byteCount: Int
  private let offsets: UnsafeMutableBufferPointer<Int64>
  private let layout: ck_weight_layout
  private let members: Int
  /// True if the layout has places without a weight.
  private let hasGaps: Bool

  init(
    filters: [Int64], channels: [Int64], taps: [Int64], byteCount: Int, on device: CPUDevice
  ) {
    let all = filters + channels + taps
    offsets = .allocate(capacity: all.count)
    _ = offsets.initialize(from: all)
    let start = UnsafePointer(offsets.baseAddress)
    layout = ck_weight_layout(
      filters: Int64(filters.count), channels: Int64(channels.count), taps: Int64(taps.count),
      filter_offsets: start, channel_offsets: start.map { $0 + filters.count },
      tap_offsets: start.map { $0 + filters.count + channels.count })
    let count = filters.count * channels.count * taps.count
    hasGaps = count * MemoryLayout<Float>.size != byteCount
    self.byteCount = byteCount
    members = count >= smallestSharedWork ? device.threadCount : 1
  }

  /// Weights with their channels innermost, `[K, kH, kW, C]`.
  convenience init(channelsLast extents: ConvolutionExtents, on device: CPUDevice) {
    let (channels, taps) = (extents.channels, extents.windowHeight * extents.windowWidth)
    self.init(
      filters: (0..<extents.filters).map { Int64($0 * taps * channels) },
      channels: (0..<channels).map(Int64.init), taps: (0..<taps).map { Int64($0 * channels) },
      byteCount: extents.filters * taps * channels * MemoryLayout<Float>.size, on: device)
  }

  deinit { offsets.deallocate() }

  /// The weights where they lie in both layouts.
  func bind(
    packed: UnsafeMutablePointer<Float>, arranged: UnsafeMutablePointer<Float>
  ) -> Bound {
    Bound(weights: self, packed: packed, arranged: arranged)
  }

  /// Weights in two places.
  struct Bound {
    fileprivate let weights: ArrangedWeights
    fileprivate let packed: UnsafeMutablePointer<Float>
    fileprivate let arranged: UnsafeMutablePointer<Float>

    /// Brings the weights into the layout.
    func arrange() {
      if weights.hasGaps {
        UnsafeMutableRawPointer(arranged).initializeMemory(
          as: UInt8.self, repeating: 0, count: weights.byteCount)
      }
      withUnsafePointer(to: weights.layout) {
        ck_weights_arrange($0, arranged, packed, Int32(weights.members))
      }
    }

    /// Brings them back.
    func pack() {
      withUnsafePointer(to: weights.layout) {
        ck_weights_pack($0, packed, arranged, Int32(weights.members))
      }
    }
  }
}
