internal import GANGraph
internal import GANTensor

/// For each image a coordinate of a place in it, as a function of a place in the result: `row · r +
/// column · c + offset`, in pixels from the middles; all are `[B]`.
///
/// Two of them are an affine map of the plane. A change before those made so far is a change of what
/// the form is given, the same for both.
struct AffineForm {
  var row: Tensor
  var column: Tensor
  var offset: Tensor

  /// The form of (r a, c b).
  func scaled(rows a: Tensor, columns b: Tensor) -> AffineForm {
    AffineForm(row: row * a, column: column * b, offset: offset)
  }

  /// The form of (r cos - c sin, r sin + c cos).
  func turned(_ angle: (cosine: Tensor, sine: Tensor)) -> AffineForm {
    AffineForm(
      row: row * angle.cosine + column * angle.sine,
      column: column * angle.cosine - row * angle.sine, offset: offset)
  }

  /// The form of (r - down, c - right).
  func moved(down: Tensor, right: Tensor) -> AffineForm {
    AffineForm(row: row, column: column, offset: offset - row * down - column * right)
  }

  /// Its values on a grid of pixels from the middle of `height` rows and `width` columns, from the
  /// first pixel of an axis of `extent`: `[B, height, width]`.
  func values(height: Int, width: Int, from extent: Int) -> Tensor {
    let count = row.shape[0]
    func along(_ extent: Int, _ factor: Tensor) -> Tensor {
      let shape: Shape = [count, extent]
      let fromMiddle = row.builder.coordinates(below: extent) - Double(extent - 1) / 2
      return factor.broadcast(to: shape, axes: [0]) * fromMiddle.broadcast(to: shape, axes: [1])
    }
    let first = offset + Double(extent - 1) / 2
    let rows = along(height, row) + first.broadcast(to: [count, height], axes: [0])
    let grid: Shape = [count, height, width]
    return rows.broadcast(to: grid, axes: [0, 1])
      + along(width, column).broadcast(to: grid, axes: [0, 2])
  }
}
