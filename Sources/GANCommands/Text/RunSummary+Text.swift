import Foundation
import GANNetworks
import GANRuntime
import GANTraining

extension RunSummary {
  /// A few lines, then the networks and the options.
  ///
  /// - Parameter columns: The greatest width of the tables of layers.
  func text(columns: Int = 80) throws -> String {
    var lines = ["\(path): \(headline)"]
    if let environment {
      lines.append("made by: gan \(environment.version) on \(environment.processor)")
      lines.append("device: \(options.device.rawValue)")
      lines.append("command: \(environment.commandLine.joined(separator: " "))")
      lines.append("data: \(options.dataset), SHA-256 \(environment.dataSHA256)")
    }
    if let recipe = try? Recipe.named(options.recipe) {
      lines.append("recipe: \(recipe.name). \(recipe.citation)")
      lines.append("expect: \(recipe.expectedResult)")
    }
    for player in Role.pair {
      guard let network = networks[player.rawValue] else { continue }
      lines += ["", network.table(titled: player.rawValue, columns: columns)]
    }
    return lines.joined(separator: "\n") + "\n\noptions: " + (try options.json).trimmed
  }

  private var headline: String {
    switch isFinished {
    case true?: "a finished run of \(step) steps"
    case false?: "a run that has not finished, last checkpoint at step \(step)"
    case nil: "a \(kind) of \(step) steps"
    }
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
