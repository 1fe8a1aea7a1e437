import GANPlots

extension Line {
  /// The mean at each step over the runs that have it, in a shade from the least to the greatest.
  init(_ name: String, runs: [[(step: Int, value: Double?)]]) {
    let steps = runs.map { $0.map(\.step) }.max { $0.count < $1.count } ?? []
    let columns = steps.indices.map { index in
      runs.compactMap { $0.indices.contains(index) ? $0[index].value : nil }
    }
    func summary(_ value: ([Double]) -> Double?) -> [Double] {
      columns.map { value($0) ?? .nan }
    }
    self.init(
      name, x: steps.map(Double.init),
      y: summary { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) },
      band: runs.count > 1 ? Band(lower: summary { $0.min() }, upper: summary { $0.max() }) : nil)
  }
}
