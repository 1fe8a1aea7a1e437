// The two halves of Box and Muller's formula in single precision, each operation rounded on its
// own. Swift never contracts `a * b + c`, so the bits are the same on every machine. The
// coefficients are minimax fits, rounded one after another from the lowest order up.

/// Returns `sqrt(-2 ln u)`, `u = ((word >> 8) + 1) / 2^24`, within 4e-7.
///
/// With `u = 2^e m`, `m` in `[sqrt(1/2), sqrt(2))`, and `f = m - 1`:
/// `ln u = e ln 2 + f - f^2 / 2 + f^3 P(f)`.
package func boxMullerRadius(of word: UInt32) -> Float {
  let bits = Int32(bitPattern: Float((word >> 8) + 1).bitPattern)
  let exponent = (bits - 0x3F35_04F3) >> 23  // 0x3F3504F3 is sqrt(1/2)
  let f = Float(bitPattern: UInt32(bitPattern: bits - (exponent << 23))) - 1
  let e = Float(exponent - 24)
  let coefficients: [Float] = [
    0.3333333, -0.2500082, 0.20001243, -0.1662341, 0.1420154, -0.1315955, 0.12762485,
    -0.076369405,
  ]
  let square = f * f
  let correction = 0.5 * square - (square * f) * horner(coefficients, f)
  // ln 2 in two parts, the first with few enough bits that its product with e is exact.
  let logarithm = ((f - correction) + e * -2.12194440e-4) + e * 0.693359375
  return (-2 * logarithm).squareRoot()
}

/// Returns the cosine and sine of `2 pi (word >> 8) / 2^24`, within 1e-7.
///
/// The nearest quarter turn is taken off in integers; what is left is `y` eighths of a turn,
/// `y` in `[-1, 1]`: `sin(pi y / 4) = y S(y^2)`, `cos(pi y / 4) = C(y^2)`.
package func cosineAndSine(of word: UInt32) -> (cosine: Float, sine: Float) {
  let angle = Int32(word >> 8)
  let quarters = (angle + (1 << 21)) >> 22
  let y = Float(angle - (quarters << 22)) * 0x1p-21
  let square = y * y
  let sine = horner([0.7853981, -0.08074514, 0.0024893924, -3.559398e-05], square) * y
  let cosine = horner(
    [1, -0.30842513, 0.015854282, -0.00032586313, 3.4902625e-06], square)
  switch quarters {
  case 1: return (-sine, cosine)
  case 2: return (-cosine, -sine)
  case 3: return (sine, -cosine)
  default: return (cosine, sine)
  }
}

/// Evaluates a polynomial, lowest order first, as `c0 + x (c1 + x (c2 + ...))`.
private func horner(_ coefficients: [Float], _ x: Float) -> Float {
  coefficients.dropLast().reversed().reduce(coefficients[coefficients.count - 1]) { $0 * x + $1 }
}
