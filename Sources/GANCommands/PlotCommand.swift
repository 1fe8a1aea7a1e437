import ArgumentParser
import Foundation
import GANFormats
import GANPage
import GANPlots
import GANTraining

/// `gan plot`.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw curves of runs: losses, scores and all they report.",
    discussion: """
      Several runs are drawn into the same plots. The ending of --output chooses the form: .svg, \
      which follows light and dark surroundings, or .png. Prints the path.
      """)

  @Argument(
    help: ArgumentHelp("Runs' folders, of runs that may go on.", valueName: "run"),
    completion: .directory)
  var paths: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file; losses.svg by default.", valueName: "path"),
    completion: .file(extensions: ["svg", "png"]))
  var output = "losses.svg"

  @Option(
    help: ArgumentHelp(
      """
      What is drawn: losses, scores, gradients, logits, penalties, classification, speed or a metric's \
      name; may be repeated. Losses and scores by default.
      """, valueName: "name"))
  var panel: [String] = []

  @Option(
    name: .customLong("x"),
    help: ArgumentHelp("The quantity across: epoch, step, images or seconds.", valueName: "name"),
    completion: .list(CurveRequest.Abscissa.allCases.map(\.rawValue)))
  var abscissa = CurveRequest.Abscissa.epoch

  @Option(
    help: ArgumentHelp("Draw a moving average; the weight of the past, below 1.", valueName: "w"))
  var smooth = 0.0

  @Flag(help: "Equal ratios of values are equal lengths.")
  var logY = false

  @Flag(help: "The same across.")
  var logX = false

  @Flag(help: "Draw runs that differ in their seeds alone as their mean with a standard deviation.")
  var joinSeeds = false

  @Flag(help: "Draw a PNG for dark surroundings.")
  var dark = false

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("name at least one run") }
    guard (0..<1).contains(smooth) else {
      throw ValidationError("--smooth \(smooth): it is from 0 to below 1")
    }
    guard output.hasSuffix(".svg") || output.hasSuffix(".png") else {
      throw ValidationError("--output \(output): a plot is a file that ends in .svg or .png")
    }
    guard !dark || output.hasSuffix(".png") else {
      throw ValidationError("--dark is for a .png: an .svg follows its surroundings")
    }
  }

  func run() throws {
    let sources = try paths.map { path in
      let folder = RunFolder(path: path)
      var history = StatisticsHistory()
      let options = try folder.readOptions()
      history.read(folder.statistics)
      let name = URL(filePath: path).standardizedFileURL.lastPathComponent
      return RunCurves.Source(
        name: name, options: options, history: history, changes: try folder.readChanges(of: options)
      )
    }
    let figure = Figure(
      sources.count == 1 ? sources[0].name : "", plots: try plots(of: sources), rowHeight: 300)
    if output.hasSuffix(".png") {
      try PNG.writeOverview(figure.picture(dark ? .dark : .light), to: output)
    } else {
      try AtomicFile.write([UInt8](figure.svg().utf8), to: output)
    }
    print(output)
  }

  private func plots(of sources: [RunCurves.Source]) throws -> [Plot] {
    var request = CurveRequest()
    (request.abscissa, request.smoothing, request.joinsSeeds) = (abscissa, smooth, joinSeeds)
    (request.hasLogarithmicValues, request.hasLogarithmicAbscissa) = (logY, logX)
    let curves = RunCurves(sources, request)
    let panels = sources.flatMap { CurvePanel.all(of: $0.history, $0.options) }
    let metrics = Set(sources.flatMap { $0.history.judgements.flatMap(\.metrics.keys) })
    let wanted = panel.isEmpty ? ["losses", "scores"] : panel
    let drawn = try wanted.flatMap { name -> [Plot] in
      if let known = panels.first(where: { $0.id == name }) {
        return curves.titledPlots(of: known)
      }
      if let metric = curves.plot(ofMetric: name) { return [metric.plot] }
      // Critics' values have no scale.
      if name == "scores" { return [] }
      let known = Set(panels.map(\.id)).union(metrics).sorted()
      throw CommandError(
        .usage, "--panel \(name): these runs have no such values",
        help: "they have \(known.joined(separator: ", "))")
    }
    guard !drawn.isEmpty else {
      throw CommandError(.missing, "\(paths[0]): no statistics yet: nothing to draw")
    }
    return drawn
  }
}

extension CurveRequest.Abscissa: ExpressibleByArgument {}
