import Foundation
import GANData
import GANExport
import GANFormats
import GANNetworks
import GANServing
import GANTensor
import GANTraining

/// The paths of a generator that is served.
struct SampleRoutes: Sendable {
  private let generator: SavedNetwork
  private let service: SampleService
  private let latentSize: Int

  init(_ generator: SavedNetwork, _ service: SampleService) {
    (self.generator, self.service) = (generator, service)
    latentSize = generator.network.inputShape.elementCount
  }

  /// Formats of `/sample`, the first by default.
  private var sampleFormats: [String] {
    generator.options.makesImages ? ["png", "json", "npy"] : ["json", "npy"]
  }
  /// Formats of `/interpolate`, the first by default.
  private var loopFormats: [String] {
    generator.options.makesImages ? ["gif", "webp", "apng", "png", "npy"] : ["npy"]
  }

  /// All of them.
  var router: Router {
    var router = Router()
    let page = SamplePage(generator)
    router.get("/") { _ in .text(page.html, .html) }
    router.get("/page.css") { _ in .text(SamplePage.css, .css) }
    router.get("/page.js") { _ in .text(SamplePage.javaScript, .javaScript) }
    let description = SampleDescription(generator, sampleFormats, loopFormats).json
    router.get("/openapi.json") { _ in .json(description) }
    router.get("/healthz") { _ in .json("{\"status\":\"ok\"}") }
    router.get("/sample") { try sample($0) }
    router.get("/interpolate") { try loop($0) }
    return router
  }

  // MARK: Samples

  private func sample(_ request: Request) throws -> Response {
    let query = try SampleQuery(request, for: generator, formats: sampleFormats, isLoop: false)
    let classes = generator.network.classCount
    let labels = query.labels ?? classes.map { .turns($0) }
    var (count, perRow) = (query.count, 8)
    if case .rows(let rows)? = labels { (count, perRow) = (rows * query.count, query.count) }
    let element = query.latents.element
    let order = SampleService.Order(
      latents: (0..<count).flatMap { index -> [Float] in
        let latent = labels?.latent(of: index, count: count) ?? index
        return (0..<latentSize).map { element(latent * latentSize + $0) }
      },
      labels: labels.map { labels in
        (0..<count).map { labels.label(of: $0, count: count) }
      }, count: count)
    let images = try made(order)
    switch query.format {
    case "png":
      return .bytes(try ImageGrid(perRow: perRow).png(of: images), .png)
    case "npy":
      return .bytes(Npy.encoded(images), .binary)
    default:
      return .json(Self.json(images, query.seed, order.labels))
    }
  }

  private func made(_ order: SampleService.Order) throws -> HostTensor {
    do {
      let shape = Shape([order.count] + generator.options.itemShape.dimensions)
      return HostTensor(shape: shape, try service.images(order))
    } catch is SampleService.Busy {
      throw Refusal(503, "Too many images wait to be made: try again.")
    }
  }

  /// Numbers as JSON has them, null where one is not finite.
  private static func json(_ images: HostTensor, _ seed: UInt64, _ labels: [Int32]?) -> String {
    let values = images.floats
    let size = values.count / max(images.shape[0], 1)
    let items = (0..<images.shape[0]).map { item in
      let numbers = values[item * size..<(item + 1) * size]
      return "[" + numbers.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]"
    }
    let classes = labels.map { "\"labels\":\($0)," } ?? ""
    return "{\"seed\":\(seed),\(classes)\"shape\":\(images.shape.dimensions),\"items\":["
      + items.joined(separator: ",") + "]}"
  }

  // MARK: Loops

  private func loop(_ request: Request) throws -> Response {
    let query = try SampleQuery(request, for: generator, formats: loopFormats, isLoop: true)
    let path = LatentLoop(
      through: query.latents.matrix(count: query.count, size: latentSize), frames: query.frames)
    let count = query.count * query.frames
    var label: Int32?
    if case .one(let place)? = query.labels { label = Int32(place) }
    let images = try made(
      SampleService.Order(
        latents: path.latents.floats,
        labels: label.map { [Int32](repeating: $0, count: count) }, count: count))
    switch query.format {
    case "npy": return .bytes(Npy.encoded(images), .binary)
    case "png":
      let grid = ImageGrid(perRow: query.frames)
      return .bytes(try PNG.encoded(grid.picture(of: images)), .png)
    default: break
    }
    let (values, size) = (images.floats, generator.options.itemShape.elementCount)
    let frames = (0..<count).map { index in
      let item = HostTensor(
        shape: images.shape.replacing(axis: 0, with: 1),
        Array(values[index * size..<(index + 1) * size]))
      return ImageGrid().picture(of: item)
    }
    let animation = Animation(frames: frames, rate: query.rate)
    return switch query.format {
    case "webp": .bytes(try animation.encoded(as: .webp), MediaType("image/webp"))
    case "apng": .bytes(try animation.encoded(as: .png), .png)
    default: .bytes(try animation.encoded(as: .gif), MediaType("image/gif"))
    }
  }
}
