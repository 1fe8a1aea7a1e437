package import GANTensor

extension RandomStream {
  /// Returns some of the indices below `total`, without replacement, in random order.
  ///
  /// The shuffle of Fisher and Yates, stopped early: index `i` changes places with the one
  /// `⌊key64(at: i) (total - i) / 2⁶⁴⌋` places on.
  ///
  /// - Parameter count: `0 ... total`.
  package func draw(_ count: Int, of total: Int) -> [Int] {
    precondition((0...total).contains(count), "\(count) of \(total)")
    var indices = Array(0..<total)
    for place in 0..<count {
      let ahead = key64(at: place).multipliedFullWidth(by: UInt64(total - place)).high
      indices.swapAt(place, place + Int(ahead))
    }
    return Array(indices[..<count])
  }
}
