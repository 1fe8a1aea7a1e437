import GANData
import GANTensor

/// A way to spoil real images on purpose, by levels.
enum Spoiling: String, CaseIterable, Encodable, Sendable {
  /// Classes are missing.
  case droppedClasses = "dropped classes"
  /// Gray levels of normal noise.
  case noise
  /// Every image is moved to the right.
  case shift
  /// Images are copies of the reference's, which a generator would have learnt from.
  case copies
  /// There are fewer images, and nothing else is wrong.
  case fewer = "fewer images"
  /// Few different images are repeated.
  case duplicates

  /// The levels, from little to much.
  var levels: [Int] {
    switch self {
    case .droppedClasses: [1, 3, 5, 8]
    case .noise: [8, 16, 32, 64]
    case .shift: [1, 2, 4, 6]
    case .copies: [25, 50, 75, 100]
    case .fewer, .duplicates: [2, 5, 10, 20]
    }
  }

  /// What a level is, in words.
  func words(_ level: Int) -> String {
    switch self {
    case .droppedClasses: "\(level) of the classes"
    case .noise: "deviation \(level)"
    case .shift: "\(level) pixels"
    case .copies: "\(level) %"
    case .fewer: "1/\(level) of them"
    case .duplicates: "each \(level) times"
    }
  }

  /// The unit of its levels, for an axis.
  var unit: String {
    switch self {
    case .droppedClasses: "classes missing"
    case .noise: "deviation of the noise, gray levels"
    case .shift: "pixels to the right"
    case .copies: "copies, %"
    case .fewer: "times fewer images"
    case .duplicates: "times that each image is there"
    }
  }
}

/// Real images of which some are spoiled.
struct SpoiledImages {
  let data: any TrainingData
  /// Images in a set.
  let count: Int
  /// Data in an order of their own: the reference's, then images that nothing else sees.
  private let order: [Int]
  private let seed: UInt64

  init(_ data: any TrainingData, count: Int, seed: UInt64) {
    (self.data, self.count, self.seed) = (data, count, seed)
    order = RandomStream(seed: 0, purpose: .evaluationOrder, step: 0)
      .permutation(count: data.count).map(Int.init)
  }

  /// Those that others are compared with.
  var reference: [Int] { Array(order.prefix(count)) }
  /// Those that nothing learnt from and nothing is compared with.
  var test: [Int] { Array(order[count..<2 * count]) }
  /// Sets that are untouched, one after another.
  func untouched(_ set: Int) -> [Int] { Array(order[(2 + set) * count..<(3 + set) * count]) }

  /// The images of a level, as `[N, C · H · W]`.
  func images(_ spoiling: Spoiling, level: Int) -> ImageDataset {
    let own = untouched(0)
    switch spoiling {
    case .droppedClasses:
      let missing = Set((0..<level).map(UInt8.init))
      let rest = order[(2 * count)...].filter { !missing.contains(data.labels?[$0] ?? 0) }
      return dataset(Array(rest.prefix(count)))
    case .noise: return noisy(own, deviation: Float(level))
    case .shift: return shifted(own, by: level)
    case .copies:
      let copied = count * level / 100
      return dataset(Array(reference.prefix(copied) + own.dropFirst(copied)))
    case .fewer: return dataset(Array(own.prefix(count / level)))
    case .duplicates:
      let different = own.prefix(max(1, count / level))
      return dataset((0..<count).map { different[$0 % different.count] })
    }
  }

  /// Images as they are.
  func dataset(_ indices: [Int]) -> ImageDataset { dataset(bytes(indices)) }

  private func dataset(_ pixels: [UInt8]) -> ImageDataset {
    ImageDataset(name: data.name, imageShape: data.itemShape, pixels: pixels)
  }

  private func bytes(_ indices: [Int]) -> [UInt8] {
    let size = data.itemShape.elementCount
    return indices.flatMap { data.storage.bytes[$0 * size..<($0 + 1) * size] }
  }

  private func noisy(_ indices: [Int], deviation: Float) -> ImageDataset {
    let stream = RandomStream(seed: seed, purpose: .worldData, step: 0)
    return dataset(
      bytes(indices).enumerated().map { place, level in
        let value = Float(level) + deviation * stream.normal(at: place)
        return UInt8(min(max(value, 0), 255).rounded())
      })
  }

  private func shifted(_ indices: [Int], by pixels: Int) -> ImageDataset {
    let (old, width) = (bytes(indices), data.itemShape[2])
    return dataset(
      old.indices.map { place in place % width < pixels ? 0 : old[place - pixels] })
  }
}
