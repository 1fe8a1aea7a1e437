internal import GANGraph
internal import GANTensor

extension Pixels {
  /// Each image mirrored left to right, turned by quarters, moved by whole pixels, scaled, turned,
  /// stretched, turned again and moved by fractions of pixels, in this order, and resampled once.
  ///
  /// - Source: Karras et al., 2020, arXiv:2006.06676, appendix B. Departures: no wavelet filters and
  ///   no doubled resolution around the interpolation, moves by whole pixels whose farthest are as
  ///   likely as others, and half turns in place of quarters where images are not square.
  func transformed(_ draws: AugmentationDraws) -> Pixels {
    let zeros = tensor.builder.constant(0, [count])
    let ones = zeros.constant(1)
    var forms = (
      row: AffineForm(row: ones, column: zeros, offset: zeros),
      column: AffineForm(row: zeros, column: ones, offset: zeros)
    )
    // What is done to an image first is undone last on the way back from a place in the result.
    for undone in changesUndone(draws) { forms = (undone(forms.row), undone(forms.column)) }
    return resampled(
      rows: forms.row.values(height: height, width: width, from: height),
      columns: forms.column.values(height: height, width: width, from: width))
  }

  private typealias Undoing = (AffineForm) -> AffineForm

  /// The ways back from each change.
  private func changesUndone(_ draws: AugmentationDraws) -> [Undoing] {
    let mirror = draws.signs(.mirror, where: draws.gate(.mirrorChance))
    let turns = quarterTurns(draws)
    let shift = wholeShift(draws)
    let scale = draws.spread(.scale, 0.2, where: draws.gate(.scaleChance))
    let first = draws.deviations(.firstRotation)
    let firstAngle = draws.rotationGate(.firstRotationChance).choice(of: first, else: 0)
      .cosineAndSine
    let stretch = draws.spread(.stretch, 0.2, where: draws.gate(.stretchChance))
    let second = draws.deviations(.secondRotation)
    let secondAngle = draws.rotationGate(.secondRotationChance).choice(of: second, else: 0)
      .cosineAndSine
    let offsetGate = draws.gate(.offsetChance)
    let down = draws.spread(.offsetRows, 0.125, where: offsetGate) * Double(height)
    let right = draws.spread(.offsetColumns, 0.125, where: offsetGate) * Double(width)
    let smaller = (-scale).powerOfTwo
    return [
      { $0.scaled(rows: mirror.constant(1), columns: mirror) },
      { $0.turned(turns) },
      { $0.moved(down: shift.down, right: shift.right) },
      { $0.scaled(rows: smaller, columns: smaller) },
      { $0.turned(firstAngle) },
      { $0.scaled(rows: stretch.powerOfTwo, columns: (-stretch).powerOfTwo) },
      { $0.turned(secondAngle) },
      { $0.moved(down: down, right: right) },
    ]
  }

  /// The cosine and the sine of as many quarter turns as are nearest to an angle, without rounding.
  private func quarterTurns(_ draws: AugmentationDraws) -> (cosine: Tensor, sine: Tensor) {
    let uniforms = draws.weakened(.quarterTurns)
    let quarters =
      height == width
      ? (uniforms * 4 + 0.5).wholePart - 2 : (uniforms * 2 + 0.5).wholePart * 2 - 2
    let turns = draws.gate(.quarterTurnsChance).choice(of: quarters, else: 0)
    let magnitude = turns.absolute()
    return (1 - magnitude, turns * (2 - magnitude))
  }

  private func wholeShift(_ draws: AugmentationDraws) -> (down: Tensor, right: Tensor) {
    let gate = draws.gate(.shiftChance)
    return (
      gate.choice(of: draws.weakened(.shiftRows).distances(inEighthOf: height), else: 0),
      gate.choice(of: draws.weakened(.shiftColumns).distances(inEighthOf: width), else: 0)
    )
  }

  /// Images whose value at each place is this image's at (`rows`, `columns`): between pixels by
  /// bilinear interpolation, and beyond the outermost ones the image's mirror image, in which those
  /// are not repeated.
  ///
  /// - Parameters:
  ///   - rows: Places along the height, in pixels from the first, `[B, H, W]`.
  ///   - columns: Places along the width, likewise.
  func resampled(rows: Tensor, columns: Tensor) -> Pixels {
    let pixelCount = countOfMovable
    let flat: Shape = [pixelCount]
    let (y, x) = (rows.neighbours(in: height), columns.neighbours(in: width))
    let firstPixels = (tensor.builder.coordinates(below: count) * Double(height * width))
      .broadcast(to: rows.shape, axes: [0])
    let table = tensor.reshaped(to: [pixelCount, channels])
    func part(_ row: Tensor, _ column: Tensor, _ weight: Tensor) -> Tensor {
      let places = row * Double(width) + column + firstPixels
      let values = table.gatheredRows(places.reshaped(to: flat).converted(to: .int32))
      return values * weight.reshaped(to: flat).broadcast(to: values.shape, axes: [0])
    }
    let upper =
      part(y.first, x.first, (1 - y.share) * (1 - x.share))
      + part(y.first, x.second, (1 - y.share) * x.share)
    let lower =
      part(y.second, x.first, y.share * (1 - x.share)) + part(y.second, x.second, y.share * x.share)
    return Pixels((upper + lower).reshaped(to: tensor.shape))
  }
}

extension Tensor {
  /// 2 to the power of each number.
  var powerOfTwo: Tensor { (self * naturalLogarithm(2)).exp() }

  /// The pixels of an axis on both sides of each place, and the second one's share in what lies there.
  fileprivate func neighbours(
    in extent: Int
  ) -> (first: Tensor, second: Tensor, share: Tensor) {
    guard extent > 1 else { return (constant(0), constant(0), constant(0)) }
    let last = constant(Double(extent - 1))
    // Mirrored at both ends, a place comes again after twice the distance between them.
    let distance = absolute()
    let period = 2 * Double(extent - 1)
    let fromLast = distance - (distance * (1 / period)).wholePart * period - last
    let place = (last - fromLast.absolute()).maximum(constant(0))
    let first = place.wholePart
    return (first, (first + 1).minimum(last), place - first)
  }
}
