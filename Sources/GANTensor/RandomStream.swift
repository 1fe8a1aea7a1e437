/// A sequence of random numbers that is a pure function of what it is for: nothing is drawn,
/// element `i` is computed.
///
/// This is the definition, written to be read; kernels produce the same bits faster.
/// `docs/randomness.md` states it independently of any language.
///
/// - Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", 2011
///   (Philox4x32-10); Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
package struct RandomStream: Hashable, Sendable {
  /// The seed of the whole run.
  package let seed: UInt64
  /// The use of the numbers.
  package let purpose: RandomPurpose
  /// The number of the tensor among the purpose's; each purpose says what it counts.
  package let step: UInt64

  /// Names a stream; computes nothing.
  package init(seed: UInt64, purpose: RandomPurpose, step: UInt64) {
    self.seed = seed
    self.purpose = purpose
    self.step = step
  }

  /// Elements a stream has, `2^34`: blocks are counted in 32 bits and hold four words.
  package static let elementLimit = 1 << 34

  /// Returns 32 uniformly random bits.
  ///
  /// - Parameter element: `0 ..< elementLimit`.
  package func word(at element: Int) -> UInt32 {
    precondition(
      (0..<Self.elementLimit).contains(element), "element \(element) is not in a stream of 2^34")
    return words(ofBlock: UInt32(element / 4))[element % 4]
  }

  /// Returns 64 uniformly random bits, from words `2 element` (low half) and `2 element + 1`.
  package func key64(at element: Int) -> UInt64 {
    precondition(
      (0..<Self.elementLimit / 2).contains(element), "key \(element) is not in a stream of 2^33")
    let words = words(ofBlock: UInt32(element / 2))
    let first = 2 * (element % 2)
    return UInt64(words[first]) | UInt64(words[first + 1]) << 32
  }

  /// Returns a uniform in `[0, 1)`, a multiple of 2^-24.
  package func uniform(at element: Int) -> Float {
    Float(word(at: element) >> 8) * 0x1p-24
  }

  /// Returns a standard normal, within 1e-6 of Box and Muller's formula on exact reals.
  ///
  /// Elements `2 k` and `2 k + 1` are the coordinates of one point in the plane, made of the words
  /// with the same indices. None is larger than `sqrt(48 ln 2)`, 5.77.
  package func normal(at element: Int) -> Float {
    let even = element - element % 2
    let radius = boxMullerRadius(of: word(at: even))
    let (cosine, sine) = cosineAndSine(of: word(at: even + 1))
    return radius * (element == even ? cosine : sine)
  }

  /// Returns the indices below `count`, ordered by `(key64(at: index), index)`.
  ///
  /// - Parameter count: `0 ... Int32.max`.
  /// - Complexity: O(count log count).
  package func permutation(count: Int) -> [Int32] {
    let keyed = (0..<count).map { (key: key64(at: $0), index: Int32($0)) }
    return keyed.sorted { ($0.key, $0.index) < ($1.key, $1.index) }.map(\.index)
  }

  /// Returns words `4 block ... 4 block + 3` at once.
  package func words(ofBlock block: UInt32) -> SIMD4<UInt32> {
    philox4x32(
      counter: SIMD4(
        block, purpose.rawValue, UInt32(truncatingIfNeeded: step), UInt32(step >> 32)),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)))
  }
}
