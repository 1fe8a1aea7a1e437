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
    seed = try request.number("seed", in: 0...UInt64.max, usually: 0)
    count = try request.number(
      "count", in: isLoop ? 2...16 : 1...Self.countLimit, usually: isLoop ? 3 : 1)
    truncation =
      try request.query("truncation") == nil
      ? nil : request.number("truncation", in: 0.05...10, usually: 10)
    frames = try request.number("frames", in: 1...120, usually: 16)
    rate = try request.number("rate", in: 1...50, usually: 24)
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
