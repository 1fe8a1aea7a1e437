/// Axes that several tensors walk together, each with its own strides, in as few axes as will do.
struct StridedAxes {
  /// The extents, outermost first; at least one.
  private(set) var extents: [Int] = []
  /// For each tensor, the elements between neighbours along each axis.
  private(set) var strides: [[Int]]

  /// Drops axes of extent 1 and merges neighbours that every tensor walks as one.
  init(extents: [Int], strides: [[Int]]) {
    self.strides = Array(repeating: [], count: strides.count)
    for axis in extents.indices where extents[axis] != 1 {
      let mergesIntoLast =
        !self.extents.isEmpty
        && strides.indices.allSatisfy { tensor in
          self.strides[tensor].last == strides[tensor][axis] * extents[axis]
        }
      if mergesIntoLast {
        self.extents[self.extents.count - 1] *= extents[axis]
        for tensor in strides.indices {
          self.strides[tensor][self.extents.count - 1] = strides[tensor][axis]
        }
      } else {
        self.extents.append(extents[axis])
        for tensor in strides.indices { self.strides[tensor].append(strides[tensor][axis]) }
      }
    }
    if self.extents.isEmpty {
      self.extents = [1]
      for tensor in strides.indices { self.strides[tensor] = [1] }
    }
  }
}
