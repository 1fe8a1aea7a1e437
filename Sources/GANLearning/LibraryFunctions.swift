#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// ln x.
func naturalLogarithm(_ x: Double) -> Double { log(x) }

/// cos x.
func cosine(_ x: Double) -> Double { cos(x) }
