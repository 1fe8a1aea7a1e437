import Foundation
import GANData
import GANNetworks
import GANRuntime
import GANTraining

extension RunSummary {
  /// What a run or a file is.
  ///
  /// - Parameters:
  ///   - isWhole: True for the networks' layers and every option, too; else it fits 24 lines.
  ///   - columns: The greatest width of the tables of layers.
  ///   - restart: The command for another run, where going on with this one would not help.
  func text(isWhole: Bool = true, columns: Int = 80, restart: String? = nil) throws -> String {
    var lines = ["\(path): \(headline)"]
    if let progress { lines += progress.lines }
    lines += changeLines(isWhole: isWhole)
    lines += facts.flatMap { name, text in
      text.broken(atMost: max(columns - Self.nameWidth, 40)).enumerated().map {
        ($0 == 0 ? name : "").padded(to: Self.nameWidth) + $1
      }
    }
    guard isWhole else { return (lines + commands(restart)).joined(separator: "\n") }
    for player in Role.pair {
      guard let network = networks[player.rawValue] else { continue }
      lines += ["", network.table(titled: player.rawValue, columns: columns)]
    }
    return lines.joined(separator: "\n") + "\n\noptions: " + (try options.json).trimmed
  }

  fileprivate static let nameWidth = 10

  /// The changes of hyperparameters; the last three where it is not to be whole.
  private func changeLines(isWhole: Bool) -> [String] {
    let changes = (changes ?? []).map(\.description)
    let shown = isWhole ? changes : changes.suffix(3)
    let rest = changes.count - shown.count
    return ((rest > 0 ? ["\(rest) before these"] : []) + shown).enumerated().map {
      ($0 == 0 ? "changes" : "").padded(to: Self.nameWidth) + $1
    }
  }

  private var headline: String {
    let duration = progress?.elapsedSeconds.map { ", in \(durationWords($0))" } ?? ""
    return switch isFinished {
    case true?: "a finished run of \(step.grouped) steps\(duration)"
    case false?:
      "a run that has not finished, last checkpoint at step \(step.grouped) of "
        + "\(options.totalSteps.grouped)" + (progress == nil ? "" : duration + " so far")
    case nil: "a \(kind) of \(step.grouped) steps"
    }
  }

  /// What the run is of, and where it comes from.
  private var facts: [(name: String, text: String)] {
    let items = options.makesImages ? "images" : "points"
    var facts = [
      (
        "data",
        "\(options.dataset), \(options.datasetCount.grouped) \(items) of "
          + options.itemShape.extents
      )
    ]
    if let recipe = try? Recipe.named(options.recipe) {
      facts.append(("recipe", "\(recipe.name): \(recipe.summary)"))
      if isFinished != nil { facts.append(("expect", recipe.expectedResult)) }
    }
    let sizes = Role.pair.compactMap { player in
      networks[player.rawValue].map { "\(player.rawValue) \($0.parameterCount.grouped)" }
    }
    if !sizes.isEmpty { facts.append(("networks", sizes.joined(separator: ", ") + " parameters")) }
    if let environment {
      facts.append(
        (
          "made by",
          "gan \(environment.version) on \(environment.processor), "
            + "\(options.device.rawValue), \(options.threads) "
            + (options.threads == 1 ? "thread" : "threads")
        ))
    }
    return facts
  }

  /// What can be done with it next.
  private func commands(_ restart: String?) -> [String] {
    var commands: [String]
    switch isFinished {
    case .some where restart != nil:
      commands = [restart, RunFolder(path: path).examinationCommand].compactMap(\.self)
    case true?:
      commands = [
        "gan sample \(path.shellQuoted) --show",
        "gan train --resume \(path.shellQuoted) \(options.twiceAsLong)",
      ]
    case false?: commands = ["gan train --resume \(path.shellQuoted)"]
    case nil: commands = kind == "trace" ? [] : ["gan sample \(path.shellQuoted) --show"]
    }
    commands.append("gan info \(path.shellQuoted) --all")
    return commands.enumerated().map {
      ($0 == 0 ? "next" : "").padded(to: Self.nameWidth) + $1
    }
  }
}

extension RunProgress {
  /// The verdict, the last and the extreme values, the pictures.
  fileprivate var lines: [String] {
    let verdict = diagnosis.map { row("verdict", $0.line.broken(atMost: 70)) } ?? []
    let pictures = [
      newestPicture.map { pictureCount > 1 ? "\($0), the newest of \(pictureCount)" : $0 }, curves,
    ].compactMap(\.self).joined(separator: "; ")
    let balance = nearest.map {
      row(
        "balance",
        [
          "best in epoch \($0.epoch): "
            + String(format: "D(x) %.2f, D(G(z)) %.2f", $0.realScore, $0.fakeScore)
        ])
    }
    return verdict + ["", table] + (balance ?? []) + row("pictures", [pictures])
  }

  private func row(_ name: String, _ texts: [String]) -> [String] {
    texts.enumerated().map {
      ($0 == 0 ? name : "").padded(to: RunSummary.nameWidth) + $1
    }
  }

  private var table: String {
    let names = [
      "discriminatorLoss": "d_loss", "generatorLoss": "g_loss", "realScore": "D(x)",
      "fakeScore": "D(G(z))",
    ]
    func number(_ value: Double?) -> String {
      value.map { String(format: abs($0) < 100_000 ? "%.4f" : "%.4e", $0) } ?? "nan"
    }
    func extreme(_ value: Extreme?) -> String {
      value.map { "\(number($0.value)) (epoch \($0.epoch))" } ?? "none"
    }
    let rows =
      [["", "last", "lowest", "highest"]]
      + values.map {
        [names[$0.name] ?? $0.name, number($0.last), extreme($0.least), extreme($0.greatest)]
      }
    // The usual widths, and two spaces behind whatever is wider.
    let widths = [10, 10, 24].enumerated().map { column, usual in
      max(usual, (rows.map { $0[column].count }.max() ?? 0) + 2)
    }
    return rows.map { cells in
      zip(cells, widths).map { $0.padded(to: $1) }.joined() + cells[3]
    }.joined(separator: "\n")
  }
}

extension TrainingOptions {
  /// The flag for twice the length, in the unit that the length was asked for in.
  var twiceAsLong: String { epochs.map { "--epochs \(2 * $0)" } ?? "--steps \(2 * totalSteps)" }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
