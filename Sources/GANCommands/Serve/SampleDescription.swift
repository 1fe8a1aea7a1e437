import GANData
import GANNetworks
import GANServing
import GANTraining

/// What can be asked of a served generator, as OpenAPI 3.1 has it.
struct SampleDescription {
  private let generator: SavedNetwork
  private let sampleFormats: [String]
  private let loopFormats: [String]

  init(_ generator: SavedNetwork, _ sampleFormats: [String], _ loopFormats: [String]) {
    self.generator = generator
    (self.sampleFormats, self.loopFormats) = (sampleFormats, loopFormats)
  }

  private struct Document: Encodable {
    let openapi = "3.1.0"
    let info: [String: String]
    let paths: [String: [String: Operation]]
  }

  private struct Operation: Encodable {
    let summary: String
    var parameters: [Parameter] = []
    let responses: [String: [String: String]]
  }

  private struct Parameter: Encodable {
    let name: String
    let `in` = "query"
    let required = false
    let description: String
    let schema: Schema
  }

  private struct Schema: Encodable {
    let type: String
    var minimum: Double?
    var maximum: Double?
    var `enum`: [String]?
    var `default`: String?
  }

  /// The document.
  var json: String {
    let options = generator.options
    let document = Document(
      info: [
        "title": "\(options.recipe), \(options.dataset)", "version": Version.current,
        "description": "Images, [C, H, W] = \(options.itemShape.extents), of a trained generator.",
      ],
      paths: [
        "/sample": ["get": operation("Images of a seed", isLoop: false)],
        "/interpolate": ["get": operation("Images on a closed way", isLoop: true)],
        "/healthz": [
          "get": Operation(
            summary: "Whether it serves", responses: ["200": ["description": "It does."]])
        ],
      ])
    return (try? jsonText(of: document)) ?? "{}"
  }

  private func operation(_ summary: String, isLoop: Bool) -> Operation {
    var parameters = [
      Parameter(
        name: "seed", description: "Decides the latents, as gan sample --seed does.",
        schema: Schema(type: "integer", minimum: 0, default: "0")),
      Parameter(
        name: "count",
        description: isLoop ? "Images on the way." : "Images; with label=each of each class.",
        schema: Schema(
          type: "integer", minimum: isLoop ? 2 : 1,
          maximum: isLoop ? 16 : Double(SampleQuery.countLimit), default: isLoop ? "3" : "1")),
      Parameter(
        name: "truncation", description: "Numbers of latents beyond it are drawn anew.",
        schema: Schema(type: "number", minimum: 0.05, maximum: 10)),
      Parameter(
        name: "format", description: "What is sent.",
        schema: Schema(type: "string", enum: isLoop ? loopFormats : sampleFormats)),
    ]
    if generator.network.classCount != nil {
      parameters.append(
        Parameter(
          name: "label",
          description: "A class, by its name or number" + (isLoop ? "." : ", or each."),
          schema: Schema(type: "string")))
    }
    if isLoop {
      parameters += [
        Parameter(
          name: "frames", description: "Steps from one image to the next.",
          schema: Schema(type: "integer", minimum: 1, maximum: 120, default: "16")),
        Parameter(
          name: "rate", description: "Frames a second.",
          schema: Schema(type: "integer", minimum: 1, maximum: 50, default: "24")),
      ]
    }
    return Operation(
      summary: summary, parameters: parameters,
      responses: [
        "200": ["description": "The images."],
        "400": ["description": "A parameter is wrong; the body says which."],
        "503": ["description": "Too many images wait."],
      ])
  }
}
