internal import GANGraph
internal import GANTensor

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A function of one value, as `UnaryFunction` defines it.
func value(of function: UnaryFunction, at x: Double) -> Double {
  switch function {
  case .negate: -x
  case .exp: exp(x)
  case .expm1: expm1(x)
  case .log: log(x)
  case .sqrt: x.squareRoot()
  case .tanh: tanh(x)
  // The form that does not overflow.
  case .sigmoid: x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  case .softplus: (x > 0 ? x : 0) + log1p(exp(-abs(x)))
  case .leakyReLU(let slope): x > 0 ? x : slope * x
  }
}

/// A function of two reals, as `BinaryFunction` defines it.
func value(of function: BinaryFunction, at a: Double, _ b: Double) -> Double {
  switch function {
  case .add: a + b
  case .subtract: a - b
  case .multiply: a * b
  case .divide: a / b
  // A NaN on either side comes through.
  case .maximum: a >= b || a.isNaN ? a : b
  }
}

/// A function of two integers, wrapping around.
func value(of function: BinaryFunction, at a: Int64, _ b: Int64) -> Int64 {
  switch function {
  case .add: a &+ b
  case .subtract: a &- b
  case .multiply: a &* b
  case .maximum: max(a, b)
  case .divide: preconditionFailure("integers are not divided; the type rule refuses it")
  }
}

/// A real without its fraction, in the range of an integer type; NaN is 0, a boolean is "not 0".
func integer(_ real: Double, _ elementType: ElementType) -> Int64 {
  func clamped(_ range: ClosedRange<Int64>) -> Int64 {
    if real.isNaN { return 0 }
    if real <= Double(range.lowerBound) { return range.lowerBound }
    if real >= Double(range.upperBound) { return range.upperBound }
    return Int64(real)
  }
  switch elementType {
  case .boolean: return real != 0 ? 1 : 0
  case .uint8: return clamped(0...255)
  case .int32: return clamped(Int64(Int32.min)...Int64(Int32.max))
  case .int64: return clamped(Int64.min...Int64.max)
  case .float32: preconditionFailure("float32 is no integer type")
  }
}

/// An integer in another integer type: its low bits; a boolean is "not 0".
func wrapped(_ integer: Int64, _ elementType: ElementType) -> Int64 {
  switch elementType {
  case .boolean: integer != 0 ? 1 : 0
  case .uint8: Int64(UInt8(truncatingIfNeeded: integer))
  case .int32: Int64(Int32(truncatingIfNeeded: integer))
  case .int64: integer
  case .float32: preconditionFailure("float32 is no integer type")
  }
}
