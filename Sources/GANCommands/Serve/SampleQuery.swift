import GANNetworks
import GANServing
import GANTensor
import GANTraining

/// The parameters of a request for images, checked.
struct SampleQuery {
  let seed: UInt64
  let count: Int
  let labels: ItemSampler.Labels?
  let truncation: Float?
  let format: String
  /// Steps from one image to the next of a loop.
  let frames: Int
  /// Frames a second of what moves.
  let rate: Int

  /// Images of an answer at most.
  static let countLimit = 256
  /// Images of a loop at most.
  static let frameLimit = 1_024

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - request: Of a path whose formats are `formats`, the first by default.
  ///   - isLoop: True where images follow each other.
  /// - Throws: `Refusal` 400 with what is wrong.
  init(
    _ request: Request, for generator: SavedNetwork, formats: [String], isLoop: Bool
  ) throws(Refusal) {
    let names =
      ["seed", "label", "count", "truncation", "format"] + (isLoop ? ["frames", "rate"] : [])
    for name in request.head.query.keys.sorted() where !names.contains(name) {
      throw Refusal(
        400, "There is no parameter \(name); there are \(names.joined(separator: ", ")).")
    }
    func number<Value: LosslessStringConvertible & Comparable>(
      _ name: String, _ range: ClosedRange<Value>, _ usual: Value
    ) throws(Refusal) -> Value {
      guard let text = request.query(name) else { return usual }
      guard let value = Value(text), range.contains(value) else {
        throw Refusal(
          400, "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
      }
      return value
    }
    seed = try number("seed", 0...UInt64.max, 0)
    count = try number("count", (isLoop ? 2 : 1)...(isLoop ? 16 : Self.countLimit), isLoop ? 3 : 1)
    truncation = try request.query("truncation") == nil ? nil : number("truncation", 0.05...10, 10)
    frames = try number("frames", 1...120, 16)
    rate = try number("rate", 1...50, 24)
    let format = request.query("format") ?? formats[0]
    guard formats.contains(format) else {
      throw Refusal(400, "format must be \(alternatives(formats)).")
    }
    self.format = format
    labels = try Self.labels(request.query("label"), generator)
    var rows = 1
    if case .rows(let classes)? = labels { rows = classes }
    guard !isLoop || (rows == 1 && (labels != nil || generator.network.classCount == nil)) else {
      throw Refusal(400, "label must say one class, which does not change on the way.")
    }
    guard count * rows <= Self.countLimit, !isLoop || count * frames <= Self.frameLimit else {
      throw Refusal(400, "These are more images than an answer has.")
    }
  }

  private static func labels(
    _ text: String?, _ generator: SavedNetwork
  ) throws(Refusal) -> ItemSampler.Labels? {
    guard let text else { return nil }
    do throws(OptionsError) {
      return try generator.labels(text, from: .flag("label"))
    } catch {
      throw Refusal(400, "\(error)")
    }
  }

  /// The latents that a seed has in `gan sample`.
  var latents: ItemSampler.Latents {
    truncation.map { .truncated(seed: seed, .sampleLatents, limit: $0) }
      ?? .drawn(seed: seed, .sampleLatents)
  }
}
