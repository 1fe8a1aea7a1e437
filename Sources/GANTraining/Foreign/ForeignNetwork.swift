import Foundation
import GANFormats
package import GANNetworks
import GANTensor

/// The layers of a generator whose weights another program saved: a recipe's, or described in JSON.
///
/// A file of weights alone says nothing of activations, strides and paddings: no guess could be checked.
package struct ForeignNetwork: Sendable {
  /// What people call it: a recipe's name, or the path of a file.
  package let name: String
  /// Its layers.
  package let network: NetworkDescription
  /// The options that go with them: those of the recipe, or the tutorial's with what the layers say.
  package let options: TrainingOptions

  /// Reads what `--network` says.
  ///
  /// - Parameter text: A recipe's name, the path of a file of JSON, or JSON: `inputShape` and `layers` as
  ///   files of ours have them in their metadata, or an object with such a `generator`.
  /// - Throws: `OptionsError.unknownRecipe` for a name that is none; `FormatError`;
  ///   `TrainingError.foreign` or `.newer` where the JSON describes no generator.
  package init(_ text: String) throws {
    if let recipe = Recipe.all.first(where: { $0.name == text }) {
      let settings = try OptionSettings([
        OptionAssignment("recipe", recipe.name, .flag("--network"))
      ])
      (name, options) = (recipe.name, settings.options)
      network = options.network(of: .generator)
      return
    }
    let isJSON = text.drop { $0.isWhitespace }.hasPrefix("{")
    guard isJSON || FileManager.default.fileExists(atPath: text) else {
      // Says which recipes there are.
      _ = try Recipe.named(text, from: .flag("--network"))
      throw FormatError(text, .notFound)
    }
    let json = isJSON ? Data(text.utf8) : Data(try InputFile(path: text).bytes(upTo: 10_000_000))
    name = isJSON ? "--network" : text
    network = try Self.network(json, named: name)
    options = try Self.options(for: network, named: name)
  }

  private static func network(_ json: Data, named name: String) throws -> NetworkDescription {
    let decoder = JSONDecoder()
    do {
      if let networks = try? decoder.decode([String: NetworkDescription].self, from: json),
        let generator = networks[Role.generator.rawValue]
      {
        return generator
      }
      return try decoder.decode(NetworkDescription.self, from: json)
    } catch let error as UnknownLayerError {
      throw TrainingError.newer(path: name, version: nil, novelty: "\(error)")
    } catch {
      throw TrainingError.foreign(
        path: name, reason: "not a network in JSON: an inputShape and a list of layers")
    }
  }

  /// The options that tell what such a generator makes.
  private static func options(
    for network: NetworkDescription, named name: String
  ) throws -> TrainingOptions {
    func foreign(_ reason: String) -> TrainingError { .foreign(path: name, reason: reason) }
    let output: Shape
    do {
      output = try network.outputShape()
    } catch {
      throw foreign("\(error)")
    }
    guard network.inputShape.rank == 1 else {
      throw foreign("its input is \(network.inputShape), not latents, [L]")
    }
    var options = TrainingOptions()
    options.latentSize = network.inputShape[0]
    options.classCount = network.classCount
    options.itemShape = output
    if output.rank == 1 {
      // Flat images, as the tutorial's, are squares.
      for channels in [1, 3] where output[0] > 2 && output[0].isMultiple(of: channels) {
        let side = Int(Double(output[0] / channels).squareRoot().rounded())
        if channels * side * side == output[0] { options.itemShape = [channels, side, side] }
      }
    }
    let shape = options.itemShape
    guard shape.rank == 1 || shape.rank == 3 && [1, 3].contains(shape[0]) else {
      throw foreign("it makes \(output), which are neither points nor images of 1 or 3 channels")
    }
    return options
  }
}
