import GANData
import GANNetworks
import GANServing
import GANTensor
import GANTraining

extension RunPages {
  /// What can be asked of a run's generator.
  private struct Description: Encodable {
    let step, latentSize, directionCount: Int
    /// Rows and columns of an image.
    let height, width: Int
    /// The classes' names, or numbers; nil for a generator that is told none.
    let classes: [String]?
  }

  func addLatents(to router: inout Router) {
    router.get("/api/runs/:run/latents") { request in
      let view = try views.view(record(request), isNewest: true)
      let shape = view.generator.options.itemShape
      return try .json(
        of: Description(
          step: view.generator.step, latentSize: view.latentSize,
          directionCount: view.directions.count, height: shape[1], width: shape[2],
          classes: view.generator.network.classCount.map { count in
            (0..<count).map { view.generator.className($0) ?? "\($0)" }
          }))
    }
    router.get("/api/runs/:run/latents/samples") { try samples($0) }
    router.get("/api/runs/:run/latents/plane") { try plane($0) }
    router.get("/api/runs/:run/latents/way") { try way($0) }
    router.get("/api/runs/:run/latents/nearest") { try nearest($0) }
  }

  /// Images of a seed's first latents: those of `gan sample`.
  private func samples(_ request: Request) throws -> Response {
    let view = try views.view(record(request), isNewest: false)
    let (seed, count) = (try seed(request), try request.number("count", in: 1...64, usually: 64))
    return try view.picture(
      of: (0..<count).map { view.latent($0, seed: seed) },
      labels(ofSamples: 0..<count, request, view), ImageGrid())
  }

  /// Images of the plane through a seed's latent along two directions: `side` by `side`, the latent moved
  /// by `x` and `y` in the middle, `gap` from one to the next, upwards and to the right.
  private func plane(_ request: Request) throws -> Response {
    let view = try views.view(record(request), isNewest: false)
    let side = try request.number("side", in: 1...9, usually: 7)
    let gap = try request.number("gap", in: 0.01...10, usually: 0.7)
    let latents = try latents(ofPlane: request, side: side, gap: gap, view)
    return try view.picture(
      of: latents,
      labels(ofSamples: repeatElement(place("at", request), count: latents.count), request, view),
      ImageGrid(perRow: side))
  }

  /// The image in the middle of the plane, with the training images that are nearest to it.
  private func nearest(_ request: Request) throws -> Response {
    let record = try record(request)
    let view = try views.view(record, isNewest: false)
    let image = try view.images(
      of: latents(ofPlane: request, side: 1, gap: 1, view),
      labels(ofSamples: [place("at", request)], request, view))
    return try .json(of: neighbours.neighbours(of: image, record))
  }

  private func latents(
    ofPlane request: Request, side: Int, gap: Double, _ view: LatentView
  ) throws -> [[Float]] {
    let at = try place("at", request)
    let last = view.directions.count - 1
    let across = view.directions[try request.number("u", in: 0...last, usually: 0)]
    let up = view.directions[try request.number("v", in: 0...last, usually: min(1, last))]
    let (x, y) = (
      try request.number("x", in: -50.0...50, usually: 0),
      try request.number("y", in: -50.0...50, usually: 0)
    )
    let start = view.latent(at, seed: try seed(request))
    let offsets = (0..<side).map { Double($0) - Double(side - 1) / 2 }
    return offsets.flatMap { row in
      offsets.map { column -> [Float] in
        let (right, upwards) = (Float(x + column * gap), Float(y - row * gap))
        return start.indices.map { start[$0] + right * across[$0] + upwards * up[$0] }
      }
    }
  }

  /// Images on the way from one of a seed's latents to another, along a great circle, both included.
  private func way(_ request: Request) throws -> Response {
    let view = try views.view(record(request), isNewest: false)
    let (from, to) = (try place("from", request), try place("to", request))
    let (seed, count) = (try seed(request), try request.number("count", in: 2...24, usually: 10))
    let ends = view.latent(from, seed: seed) + view.latent(to, seed: seed)
    let loop = LatentLoop(
      through: HostTensor(shape: [2, view.latentSize], ends), frames: count - 1)
    let values = loop.latents.floats
    let latents = (0..<count).map { row in
      Array(values[row * view.latentSize..<(row + 1) * view.latentSize])
    }
    return try view.picture(
      of: latents, labels(ofSamples: repeatElement(from, count: count), request, view),
      ImageGrid(perRow: count))
  }

  // MARK: Parameters

  /// The classes of images: the one that is asked for, or that of the sample each starts from; nil for a
  /// generator that is told none.
  private func labels(
    ofSamples numbers: some Collection<Int>, _ request: Request, _ view: LatentView
  ) throws(Refusal) -> [Int32]? {
    let label = try label(request, view)
    return view.generator.network.classCount.map { classes in
      numbers.map { label ?? Int32($0 % classes) }
    }
  }

  /// The one class that is asked for; nil for each sample's own.
  private func label(_ request: Request, _ view: LatentView) throws(Refusal) -> Int32? {
    guard request.query("class") != nil else { return nil }
    guard let count = view.generator.network.classCount else {
      throw Refusal(400, "This generator is told no classes.")
    }
    return Int32(try request.number("class", in: 0...count - 1, usually: 0))
  }

  private func seed(_ request: Request) throws(Refusal) -> UInt64 {
    try request.number("seed", in: 0...UInt64.max, usually: 0)
  }

  /// The number of one of the samples that are shown.
  private func place(_ name: String, _ request: Request) throws(Refusal) -> Int {
    try request.number(name, in: 0...63, usually: 0)
  }
}
