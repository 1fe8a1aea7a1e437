import Foundation
import GANData
import GANExport
import GANFormats
import GANPlots
package import GANTraining

/// A run as one document that needs no other file and no network, to be mailed or kept.
package struct RunReport {
  /// Frames of its film: more are shown every second, every fourth and so on.
  private static let frameCount = 100
  /// Pictures that are shown by themselves.
  private static let stillCount = 4

  private let folder: RunFolder
  private let name: String
  private let record: RunRecord
  private let options: TrainingOptions
  private let history: StatisticsHistory

  /// Reads a run's folder, finished or not.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun` where it has no options.
  package init(_ folder: RunFolder) throws {
    self.folder = folder
    name = URL(filePath: folder.path).standardizedFileURL.lastPathComponent
    record = RunRecord(folder, name: name)
    options = try record.options()
    history = record.history()
  }

  /// The document.
  package func html() throws -> String {
    let facts = try RunFacts(record)
    let state = try RunState(record, live: nil)
    let parts = [
      summary(state), Self.verdict(state), try film(), try stills(), curves(state),
      Self.metrics(state), Self.changes(state),
      Self.options(facts), Self.environment(facts),
    ]
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
      style-src 'unsafe-inline'">
      <title>\(name.asHTML)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(name.asHTML)</h1>
      <p class="muted">\(facts.title.asHTML); written by gan \(Version.current)</p>
      \(parts.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  // MARK: Words

  private func summary(_ state: RunState) -> String {
    let facts: [(String, String)] = [
      ("status", state.status.rawValue),
      (
        "steps", "\(state.step) of \(state.totalSteps), epoch \(state.epoch) of \(state.epochCount)"
      ),
      ("data", "\(options.dataset), \(options.datasetCount) items of \(options.itemShape.extents)"),
      ("training", "\(Int(state.elapsedSeconds.rounded())) s"),
      (
        "speed",
        state.imagesPerSecond.map { "\(Int($0.rounded())) real images a second at the end" }
          ?? "unknown"
      ),
    ]
    return Self.table([], facts.map { [$0.0, $0.1] })
  }

  private static func verdict(_ state: RunState) -> String {
    let faults = state.nonfinite.sorted { $0.key < $1.key }
      .map { "<p class=\"warn\">Not finite: \($0.key.asHTML) from step \($0.value)</p>" }.joined()
    guard let verdict = state.verdict else {
      return "<h2>Verdict</h2>\(faults)<p class=\"muted\">The run has not come to its end.</p>"
    }
    return "<h2>Verdict</h2>\(faults)<p>\(verdict.line.asHTML)</p>"
  }

  private static func metrics(_ state: RunState) -> String {
    guard let epoch = state.metrics.first?.epoch else { return "" }
    func text(_ value: Double?) -> String { value.map { "\(Float($0))" } ?? "none" }
    return "<h2>Metrics after epoch \(epoch)</h2>"
      + table(
        ["metric", "value", "real images get"],
        state.metrics.map { [$0.name, text($0.value), text($0.floor)] })
  }

  private static func changes(_ state: RunState) -> String {
    guard !state.changes.isEmpty else { return "" }
    return "<h2>Changes while it trained</h2>"
      + table(
        ["option", "from step", "before", "after"],
        state.changes.map {
          [$0.name, "\($0.step)", "\($0.from)", $0.to.map { "\($0)" } ?? "as in the options"]
        })
  }

  private static func options(_ facts: RunFacts) -> String {
    let rows = (facts.options.filter(\.isSet) + facts.options.filter { !$0.isSet }).map {
      [$0.path, $0.value, $0.origin ?? ($0.isSet ? "set for this run" : "recipe \(facts.recipe)")]
    }
    return "<h2>Options</h2>" + table(["option", "value", "from"], rows)
  }

  private static func environment(_ facts: RunFacts) -> String {
    "<h2>Environment</h2>" + table([], facts.environment.map { [$0.name, $0.value] })
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let head =
      header.isEmpty
      ? ""
      : "<thead><tr>\(header.map { "<th scope=\"col\">\($0.asHTML)</th>" }.joined())</tr></thead>"
    let body = rows.map { row in
      "<tr><th scope=\"row\">\(row[0].asHTML)</th>"
        + row.dropFirst().map { "<td>\($0.asHTML)</td>" }.joined() + "</tr>"
    }
    return "<table>\(head)<tbody>\(body.joined(separator: "\n"))</tbody></table>"
  }

  // MARK: Pictures

  private var epochs: [Int] { folder.previewEpochs(areImages: options.makesImages) }

  /// All epochs one after another, as an animated picture.
  private func film() throws -> String {
    let epochs = epochs
    guard options.makesImages, epochs.count > 1 else { return "" }
    let step = (epochs.count + Self.frameCount - 1) / Self.frameCount
    let shown = epochs.indices.filter { ($0 + 1) % step == 0 || $0 == epochs.count - 1 }
    let frames = try shown.map {
      try PNG.read(folder.fakeItems(epoch: epochs[$0], areImages: true))
    }
    guard Set(frames.map { [$0.width, $0.height, $0.channels] }).count == 1 else { return "" }
    let film = try Animation(frames: frames, rate: 10).encoded(as: .webp)
    let words =
      "Samples of the same latents, from epoch \(epochs[shown[0]]) to \(epochs[epochs.count - 1])"
    return "<h2>Film</h2>" + Self.figure(words, film, "image/webp")
  }

  /// Some epochs, and real items.
  private func stills() throws -> String {
    let epochs = epochs
    guard let last = epochs.last else { return "<h2>Samples</h2><p class=\"muted\">None yet.</p>" }
    let wanted = (0..<Self.stillCount).map {
      epochs[$0 * (epochs.count - 1) / max(Self.stillCount - 1, 1)]
    }
    let chosen = Set(wanted + [last]).sorted()
    var figures = try chosen.map { epoch in
      let words = "After epoch \(epoch)"
      guard options.makesImages else {
        let path = RunFolder(path: "").fakeItems(epoch: epoch, areImages: false)
        return Self.figure(words, svg: try PointPicture(record, path: path).svg())
      }
      let file = try InputFile(path: folder.fakeItems(epoch: epoch, areImages: true))
      return Self.figure(words, try file.bytes(upTo: file.byteCount), "image/png")
    }
    if options.makesImages, let file = try? InputFile(path: folder.realItems(areImages: true)) {
      figures.append(Self.figure("Real images", try file.bytes(upTo: file.byteCount), "image/png"))
    }
    return "<h2>Samples</h2><div class=\"row\">\(figures.joined())</div>"
  }

  private func curves(_ state: RunState) -> String {
    var request = CurveRequest()
    request.width = 540
    let curves = RunCurves(
      [
        RunCurves.Source(
          name: name, options: options, history: history, changes: (try? record.changes()) ?? [])
      ], request)
    let panels = state.panels.flatMap { panel in
      curves.plots(of: panel).map { (panel.title, $0.plot) }
    }
    let metrics = state.metrics.compactMap { metric in
      curves.plot(ofMetric: metric.name).map { (metric.name, $0.plot) }
    }
    let figures = (panels + metrics).map { title, plot in
      Self.figure(title, svg: Figure(plot, width: 540, height: 280).svg())
    }
    return "<h2>Curves</h2><div class=\"row\">\(figures.joined())</div>"
  }

  private static func figure(_ words: String, _ bytes: [UInt8], _ type: String) -> String {
    let data = Data(bytes).base64EncodedString()
    return "<figure><img alt=\"\(words.asHTML)\" src=\"data:\(type);base64,\(data)\">"
      + "<figcaption>\(words.asHTML)</figcaption></figure>"
  }

  private static func figure(_ words: String, svg: String) -> String {
    "<figure>\(svg)<figcaption>\(words.asHTML)</figcaption></figure>"
  }

  private static let style = """
    body{margin:0;font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;background:#fff;color:#1b1f24}
    main{max-width:1160px;margin:0 auto;padding:16px}
    h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere} h2{font-size:1.1rem;border-top:1px solid #8884;padding-top:12px}
    .muted,figcaption{color:#5c636b} .warn{color:#a33a00}
    .row{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))}
    figure{margin:0;max-width:540px} figure svg{width:100%;height:auto}
    img{max-width:100%;min-width:240px;height:auto;image-rendering:pixelated}
    table{border-collapse:collapse} th,td{text-align:left;vertical-align:top;padding:3px 14px 3px 0;border-bottom:1px solid #8884;overflow-wrap:anywhere}
    th{font-weight:normal;color:#5c636b}
    @media (prefers-color-scheme:dark){body{background:#14171c;color:#e8eaed} .muted,figcaption,th{color:#a0a7b0} .warn{color:#ff9a5c}}
    """
}

extension String {
  /// The text as HTML has it, in an attribute too.
  var asHTML: String {
    reduce(into: "") { text, character in
      switch character {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.append(character)
      }
    }
  }
}
