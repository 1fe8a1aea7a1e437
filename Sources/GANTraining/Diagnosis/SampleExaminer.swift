import GANData
import GANTensor

/// Measures a run's previews beside its real items, the same ones all run long.
struct SampleExaminer {
  private let real: HostTensor
  private let copies: CopySearch?
  private let mixture: Mixture?

  /// Looks at real items once.
  ///
  /// - Parameter real: As many as a preview has.
  init(_ options: TrainingOptions, beside real: HostTensor, of dataset: any TrainingData) {
    self.real = real
    copies = CopySearch(in: dataset, like: real)
    mixture = ToyWorld(rawValue: options.dataset).map(\.mixture)
  }

  /// Measures generated items.
  ///
  /// - Parameter deadUnits: The part of the units of one of the generator's ReLUs that were 0 for all
  ///   of them.
  func measures(of generated: HostTensor, deadUnits: Double?) -> SampleMeasures {
    var measures = SampleMeasures(of: generated, beside: real)
    if generated.shape[0] >= SampleMeasures.leastCountOfDeadUnits {
      measures.deadUnits = deadUnits
    }
    measures.closeness = copies?.closeness(of: generated)
    measures.modes = mixture.flatMap { SampleMeasures.Modes(of: generated, in: $0) }
    return measures
  }
}

extension SampleMeasures.Modes {
  /// A mode is found where a tenth of its share of the points lies nearer to it than to any other.
  static let leastShare = 0.1

  /// Counts the modes of a mixture; nil where it has fewer than two or there are few points.
  init?(of points: HostTensor, in mixture: Mixture) {
    let modes = mixture.modes
    guard modes.count > 1, points.shape.rank == 2, points.shape[1] == mixture.dimension,
      Double(points.shape[0]) * Self.leastShare >= Double(modes.count)
    else { return nil }
    var counts = [Int](repeating: 0, count: modes.count)
    let (values, dimension) = (points.floats, mixture.dimension)
    for point in 0..<points.shape[0] {
      let place = SIMD2(
        Double(values[point * dimension]), dimension > 1 ? Double(values[point * dimension + 1]) : 0
      )
      let distances = modes.map { mode in
        let way = mode.centre - place
        return way.x * way.x + (dimension > 1 ? way.y * way.y : 0)
      }
      guard let least = distances.min(), least.isFinite, let mode = distances.firstIndex(of: least)
      else { continue }
      counts[mode] += 1
    }
    let found = zip(modes, counts).count { mode, count in
      Double(count) >= Self.leastShare * mode.weight * Double(points.shape[0])
    }
    self.init(found: found, total: modes.count)
  }
}
