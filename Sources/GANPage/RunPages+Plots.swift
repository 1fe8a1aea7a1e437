import GANPlots
import GANServing

extension RunPages {
  /// A drawn panel with what a cross-hair needs.
  private struct Drawn: Encodable {
    let title: String
    let svg: String
    let frame: PlotFrame
    let series: [RunCurves.Series]
  }

  /// Runs that are drawn together.
  private static let comparedCount = 12

  /// Draws a panel, or a metric, of runs whose names are joined by commas.
  func plots(_ request: Request) throws -> Response {
    let names = (request.query("runs") ?? "").split(separator: ",").map(String.init)
    guard (1...Self.comparedCount).contains(names.count) else {
      throw Refusal(400, "Between 1 and \(Self.comparedCount) runs are drawn together.")
    }
    let wishes = try CurveRequest(request)
    let sources = try names.map { name in
      let record = try records.record(name)
      return try RunCurves.Source(
        name: name, options: record.options(), history: record.history(),
        changes: (try? record.changes()) ?? [])
    }
    let curves = RunCurves(sources, wishes)
    let plots: [(plot: Plot, series: [RunCurves.Series])]
    if let metric = request.query("metric") {
      plots = curves.plot(ofMetric: metric).map { [$0] } ?? []
    } else {
      let id = request.query("panel") ?? "losses"
      let panels = sources.flatMap { CurvePanel.all(of: $0.history, $0.options) }
      guard let panel = panels.first(where: { $0.id == id }) else { throw Refusal.notFound }
      plots = curves.plots(of: panel)
    }
    return try .json(
      of: plots.map { plot, series in
        let (svg, frames) = Figure(plot, width: wishes.width, height: wishes.height).placed()
        return Drawn(title: plot.title, svg: svg, frame: frames[0], series: series)
      })
  }
}
