internal import GANGraph
internal import GANTensor

extension GraphBuilder {
  /// 0, 1, … `count - 1`: `[count]`. Made of itself and itself farther on, again and again.
  func coordinates(below count: Int) -> Tensor {
    var known = constant(0, [1])
    while known.shape[0] < count {
      known = known.concatenated(with: [known + Double(known.shape[0])], axis: 0)
    }
    return known.sliced(axis: 0, start: 0, count: count)
  }
}

extension Tensor {
  /// For each of these uniforms u on [0, 1) a whole number below `count`: `⌊count u⌋`.
  ///
  /// The product is rounded to `float32`, in which it still is less than `count`: u is at most
  /// 1 - 2⁻²⁴.
  func wholeNumbers(below count: Int) -> Tensor {
    (self * Double(count)).wholePart
  }

  /// For each of these uniforms u on [0, 1) a whole number of pixels, as likely as its negative:
  /// `⌊(2r + 1) u⌋ - r`, r being an eighth of the extent, rounded half up.
  func distances(inEighthOf extent: Int) -> Tensor {
    let reach = (extent + 4) / 8
    return wholeNumbers(below: 2 * reach + 1) - Double(reach)
  }

  /// Each of these numbers, from 0, without its fraction.
  var wholePart: Tensor { converted(to: .int32).converted(to: .float32) }

  /// The coordinates 0 ..< `extent` as seen from each of these origins: `[B] → [B, extent]`.
  func coordinates(to extent: Int) -> Tensor {
    let shape: Shape = [shape[0], extent]
    return builder.coordinates(below: extent).broadcast(to: shape, axes: [1])
      - broadcast(to: shape, axes: [0])
  }

  /// `inside` where this coordinate is one of 0 ..< `extent`, else `outside`.
  func within(_ extent: Int, select inside: Tensor, else outside: Double) -> Tensor {
    within(constant(Double(extent)), select: inside, else: outside)
  }

  /// The same selection, with an extent for each element.
  func within(_ extent: Tensor, select inside: Tensor, else outside: Double) -> Tensor {
    let outside = constant(outside)
    let isBefore = constant(0).compared(.greater, to: self)
    let isBehind = compared(.greaterOrEqual, to: extent)
    return isBefore.select(outside, isBehind.select(outside, inside))
  }
}
