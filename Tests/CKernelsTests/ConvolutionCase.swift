import CKernels
import COneDNN
import GANTensor

/// One convolution with tensors of its own, of whichever kind, by oneDNN and by plain loops.
struct ConvolutionCase {
  let extents: ConvolutionTests.Extents
  let kind: conednn_convolution_kind
  let channelsLast: Bool
  let hasBias: Bool

  var descriptor: conednn_convolution_descriptor {
    var descriptor = conednn_convolution_descriptor()
    let plain = plainExtents
    descriptor.kind = kind
    (descriptor.images, descriptor.channels) = (plain.images, plain.channels)
    (descriptor.height, descriptor.width) = (plain.height, plain.width)
    descriptor.filters = plain.filters
    (descriptor.window_rows, descriptor.window_columns) = (plain.window_rows, plain.window_columns)
    (descriptor.window_height, descriptor.window_width) = (plain.window_height, plain.window_width)
    (descriptor.stride, descriptor.padding) = (plain.stride, plain.padding)
    descriptor.channels_last = channelsLast
    descriptor.has_bias = hasBias
    return descriptor
  }

  var plainExtents: ck_convolution {
    let e = extents
    func windows(_ extent: Int, _ window: Int) -> Int64 {
      Int64((extent + 2 * e.padding - window) / e.stride + 1)
    }
    return ck_convolution(
      images: Int64(e.images), channels: Int64(e.channels), height: Int64(e.height),
      width: Int64(e.width), filters: Int64(e.filters),
      window_rows: windows(e.height, e.windowHeight),
      window_columns: windows(e.width, e.windowWidth), window_height: Int64(e.windowHeight),
      window_width: Int64(e.windowWidth), stride: Int64(e.stride), padding: Int64(e.padding),
      channels_last: channelsLast)
  }

  /// Images, windows and weights, uniforms in [-1, 1), the one that is computed without numbers; and
  /// a bias.
  func tensors() -> [[Float]] {
    let e = plainExtents
    let counts = [
      e.images * e.channels * e.height * e.width,
      e.images * e.filters * e.window_rows * e.window_columns,
      e.filters * e.channels * e.window_height * e.window_width, e.filters,
    ]
    return counts.enumerated().map { number, count in
      let stream = RandomStream(seed: 12, purpose: .syntheticImages, step: UInt64(number))
      return (0..<Int(count)).map { number == result ? .nan : 2 * stream.uniform(at: $0) - 1 }
    }
  }

  private var result: Int {
    switch kind {
    case CONEDNN_INPUT_GRADIENT: 0
    case CONEDNN_CONVOLUTION: 1
    default: 2
    }
  }

  /// What oneDNN makes of it, executed twice.
  func computed() throws -> [Float] {
    let engine = try Engine()
    let (prepared, reason) = engine.prepare(descriptor)
    guard let convolution = prepared else { throw Engine.Refusal(reason: reason) }
    defer { conednn_convolution_destroy(convolution) }
    var tensors = tensors()
    let weights = ArrangedWeights(convolution, plainExtents)
    let packed = tensors[2]
    tensors[2] = weights.arranged(packed)
    let buffers = tensors.map { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values)
      return buffer
    }
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: conednn_convolution_scratch_bytes(convolution), alignment: 64)
    defer {
      for buffer in buffers { buffer.deallocate() }
      scratch.deallocate()
    }
    let bound = conednn_convolution_bind(
      convolution, buffers[0].baseAddress, buffers[1].baseAddress, buffers[2].baseAddress,
      buffers[3].baseAddress, scratch)
    guard bound == 0 else { throw Engine.Refusal(reason: "bind: \(bound)") }
    for _ in 0..<2 {
      let status = conednn_convolution_execute(convolution)
      guard status == 0 else { throw Engine.Refusal(reason: "execute: \(status)") }
    }
    return result == 2 ? weights.packed(Array(buffers[2])) : Array(buffers[result])
  }

  /// What the plain loops make of it.
  func expected() -> [Float] {
    var extents = plainExtents
    var tensors = tensors()
    let (images, windows, weights) = (tensors[0], tensors[1], tensors[2])
    switch kind {
    case CONEDNN_INPUT_GRADIENT:
      ck_convolution_plain_images(&extents, &tensors[0], windows, weights)
    case CONEDNN_CONVOLUTION:
      ck_convolution_plain(&extents, &tensors[1], images, weights, hasBias ? tensors[3] : nil)
    default: ck_convolution_plain_weights(&extents, &tensors[2], images, windows)
    }
    return tensors[result]
  }
}

/// Weights in the layout a prepared convolution wants.
private struct ArrangedWeights {
  private let extents: ck_convolution
  private let floatCount: Int
  private let offsets: [[Int64]]

  init(_ convolution: OpaquePointer, _ extents: ck_convolution) {
    self.extents = extents
    floatCount = conednn_convolution_weight_bytes(convolution) / MemoryLayout<Float>.size
    let counts = [
      extents.filters, extents.channels, extents.window_height, extents.window_width,
    ]
    let axes = counts.enumerated().map { axis, count in
      var offsets = [Int64](repeating: 0, count: Int(count))
      conednn_convolution_weight_offsets(convolution, Int32(axis), count, &offsets)
      return offsets
    }
    offsets = [axes[0], axes[1], axes[2].flatMap { row in axes[3].map { row + $0 } }]
  }

  private func withLayout(_ body: (UnsafePointer<ck_weight_layout>) -> Void) {
    offsets[0].withUnsafeBufferPointer { filters in
      offsets[1].withUnsafeBufferPointer { channels in
        offsets[2].withUnsafeBufferPointer { taps in
          var layout = ck_weight_layout(
            filters: Int64(filters.count), channels: Int64(channels.count),
            taps: Int64(taps.count), filter_offsets: filters.baseAddress,
            channel_offsets: channels.baseAddress, tap_offsets: taps.baseAddress)
          body(&layout)
        }
      }
    }
  }

  func arranged(_ packed: [Float]) -> [Float] {
    var arranged = [Float](repeating: 0, count: floatCount)
    withLayout { ck_weights_arrange($0, &arranged, packed, 2) }
    return arranged
  }

  func packed(_ arranged: [Float]) -> [Float] {
    var packed = [Float](
      repeating: .nan, count: offsets.reduce(1) { $0 * $1.count })
    withLayout { ck_weights_pack($0, &packed, arranged, 2) }
    return packed
  }
}
