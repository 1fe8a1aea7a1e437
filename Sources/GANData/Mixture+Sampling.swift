package import GANTensor

extension Mixture {
  /// Points `first ..< first + count` of a stream: `[count, dimension]`, row after row.
  ///
  /// Point `i` is made of words `4 i ... 4 i + 3` as `docs/randomness.md` defines, so a batch is
  /// the same whether drawn alone or as part of a longer one.
  ///
  /// - Complexity: 100,000 points take about 10 ms.
  package func samples(
    count: Int, startingAt first: Int = 0, from stream: RandomStream
  ) -> [Float] {
    precondition(
      count >= 0 && first >= 0 && first + count <= RandomStream.elementLimit / 4,
      "points \(first) ..< \(first + count) are not in a stream of 2^32")
    let cumulative = components.indices.reduce(into: [Double]()) { sums, index in
      sums.append((sums.last ?? 0) + components[index].weight)
    }
    let total = cumulative[cumulative.count - 1]
    var points: [Float] = []
    points.reserveCapacity(count * dimension)
    for index in first..<first + count {
      let words = stream.words(ofBlock: UInt32(index))
      // The first component whose running sum is above a uniform share of the whole.
      let share = Double(words[0]) * 0x1p-32 * total
      let component = components[cumulative.firstIndexOfSorted { $0 > share }]
      let offset = component.kind.offset(words[2], words[3])
      points.append(Float(component.centre.x + component.extents.x * Double(offset.x)))
      if dimension == 2 {
        points.append(Float(component.centre.y + component.extents.y * Double(offset.y)))
      }
    }
    return points
  }

  package func samples(count: Int, from stream: RandomStream) -> [Float] {
    samples(count: count, startingAt: 0, from: stream)
  }
}

extension Mixture.Component.Kind {
  /// A point of the law with centre 0 and extents 1, from two random words.
  fileprivate func offset(_ first: UInt32, _ second: UInt32) -> (x: Float, y: Float) {
    switch self {
    case .gaussian:
      let radius = boxMullerRadius(of: first)
      let (cosine, sine) = cosineAndSine(of: second)
      return (radius * cosine, radius * sine)
    case .uniform:
      return (Float(first >> 8) * 0x1p-23 - 1, Float(second >> 8) * 0x1p-23 - 1)
    }
  }
}

extension [Double] {
  /// The first index that satisfies a predicate which, once true, stays true; else the last.
  fileprivate func firstIndexOfSorted(where predicate: (Double) -> Bool) -> Int {
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
