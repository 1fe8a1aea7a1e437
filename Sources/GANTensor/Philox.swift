/// Returns the four words that Philox4x32-10 makes of a counter under a key.
///
/// - Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011,
///   section 3.3; constants from the authors' Random123.
package func philox4x32(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
  var (k0, k1) = (key.x, key.y)
  for _ in 0..<10 {
    let first = c0.multipliedFullWidth(by: 0xD251_1F53)
    let second = c2.multipliedFullWidth(by: 0xCD9E_8D57)
    (c0, c1) = (second.high ^ c1 ^ k0, second.low)
    (c2, c3) = (first.high ^ c3 ^ k1, first.low)
    k0 &+= 0x9E37_79B9
    k1 &+= 0xBB67_AE85
  }
  return SIMD4(c0, c1, c2, c3)
}
