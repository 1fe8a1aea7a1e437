import Foundation
package import GANServing
import GANTraining

/// The pages of a folder of runs: the list, each run's own page, comparisons.
///
/// Everything is read from the runs' files, whoever trains them; a run that this process trains has a
/// `RunControl` besides.
package struct RunPages: Sendable {
  let runs: RunsFolder
  let records: RunRecords
  let control: (any RunControl)?
  let views = LatentViews()
  let neighbours = TrainingNeighbours()
  private let landing: String?

  /// Shows the runs of a folder.
  ///
  /// - Parameters:
  ///   - landing: The run whose page comes first; nil for the list.
  ///   - control: Controls the run that this process trains.
  package init(_ runs: RunsFolder, landing: String? = nil, control: (any RunControl)? = nil) {
    self.runs = runs
    records = RunRecords(runs)
    (self.landing, self.control) = (landing, control)
  }

  /// Adds the pages to a server's paths.
  package func add(to router: inout Router) {
    PageResources.add(to: &router)
    let shell: Handler = { _ in PageResources.shell }
    router.get("/") { [landing] request in
      guard let landing, request.query("list") == nil else { return try shell(request) }
      return .redirect(to: "/runs/\(landing.asPathSegment)")
    }
    for path in ["/runs/:run", "/compare"] { router.get(path, shell) }
    router.get("/api/runs") { _ in try .json(of: list()) }
    router.get("/api/events") { _ in .events { try tellList(on: $0) } }
    router.get("/api/runs/:run/facts") { try .json(of: RunFacts(record($0))) }
    router.get("/api/runs/:run/state") { request in
      let record = try record(request)
      return try .json(of: RunState(record, live: live(record)))
    }
    router.get("/api/runs/:run/events") { request in
      let record = try record(request)
      return .events { try tell(record, on: $0) }
    }
    router.get("/runs/:run/pictures/:epoch", picture)
    router.get("/api/plots") { try plots($0) }
    addLatents(to: &router)
    router.post("/api/runs/:run/control", bodyLimit: 1_000) { try take($0) }
    router.post("/api/runs/:run/hyperparameters", bodyLimit: 1_000) { try change($0) }
  }

  func record(_ request: Request) throws -> RunRecord { try records.record(request["run"]) }

  func live(_ record: RunRecord) -> LiveRun? {
    control.flatMap { $0.runName == record.name ? $0.live : nil }
  }

  // MARK: The list

  /// The runs, the newest first: as many as a page shows at once.
  private static let listed = 300

  private func list() -> RunList {
    let names = runs.names()
    return RunList(
      folder: runs.path, count: names.count,
      runs: names.prefix(Self.listed).compactMap { name in
        (try? records.record(name)).flatMap { try? RunCard($0, live: live($0)) }
      })
  }

  private func tellList(on stream: EventStream) throws {
    var told: [String]?
    while true {
      let names = runs.names().prefix(Self.listed)
      let versions = names.map { name in
        (try? records.record(name)).map { "\(name) \($0.version) \(RunStatus(of: $0.folder))" }
          ?? name
      }
      if versions != told { try stream.send(ServerEvent("runs", "{\"count\":\(names.count)}")) }
      told = versions
      guard control?.hasEnded != true else { return try stream.send(ServerEvent("ended", "{}")) }
      for _ in 0..<4 {
        Thread.sleep(forTimeInterval: 0.5)
        try stream.check()
      }
    }
  }

  // MARK: One run

  /// Tells the state when the files have changed, and what only this process knows in between.
  private func tell(_ record: RunRecord, on stream: EventStream) throws {
    var told: (version: String, status: RunStatus, live: LiveRun?)?
    while true {
      // Asked first: what is read then is all there is to come.
      let hasEnded = control?.hasEnded == true
      let now = (record.version, RunStatus(of: record.folder), live(record))
      if told == nil || told?.version != now.0 || told?.status != now.1 {
        let state = try RunState(record, live: now.2)
        try stream.send(ServerEvent("state", try jsonText(of: state), id: "\(state.step)"))
      } else if let live = now.2, live != told?.live {
        try stream.send(ServerEvent("live", try jsonText(of: live)))
      }
      told = now
      guard !hasEnded else { return try stream.send(ServerEvent("ended", "{}")) }
      Thread.sleep(forTimeInterval: 0.4)
      try stream.check()
    }
  }

  private func picture(_ request: Request) throws -> Response {
    let record = try record(request)
    let areImages = try record.options().makesImages
    let folder = RunFolder(path: "")
    let path: String
    if request["epoch"] == "real" {
      path = folder.realItems(areImages: areImages)
    } else {
      guard let epoch = Int(request["epoch"]), epoch >= 0 else { throw Refusal.notFound }
      path = folder.fakeItems(epoch: epoch, areImages: areImages)
    }
    let names = [record.name] + path.split(separator: "/").map(String.init)
    guard !areImages else { return try runs.response(names, .png, to: request) }
    return .text(try PointPicture(record, path: path).svg(), .svg)
  }

  private func take(_ request: Request) throws -> Response {
    struct Asked: Decodable { let command: RunCommand }
    let control = try controlled(record(request))
    control.take(try request.json(Asked.self).command)
    return try .json(of: control.live)
  }

  /// - Throws: `Refusal` 409 for a run that this process does not train.
  private func controlled(_ record: RunRecord) throws(Refusal) -> any RunControl {
    guard let control, control.runName == record.name else {
      throw Refusal(
        409, "This run was not started with --page, or by another process: it is only shown.")
    }
    return control
  }

  /// Has the run change a hyperparameter.
  private func change(_ request: Request) throws -> Response {
    let record = try record(request)
    let control = try controlled(record)
    let asked = try request.json(AskedChange.self)
    let options = try record.options()
    guard let key = options.changeable.first(where: { $0.path == asked.name }) else {
      throw Refusal(
        400,
        "\(asked.name) cannot change while this run goes on; these can: "
          + options.changeable.map(\.path).joined(separator: ", ") + ".")
    }
    let value: Double?
    do throws(OptionsError) {
      value = try asked.value.map(key.number)
    } catch {
      throw Refusal(400, "\(error).")
    }
    let step = max(control.live.step, record.history().steps.last ?? 0)
    if let last = try record.changes().last, last.step > step + 1 {
      throw Refusal(
        409,
        "The run repeats what was changed before it was resumed, up to step \(last.step): change it then."
      )
    }
    control.change(key.path, to: value)
    return try .json(of: control.live)
  }
}

/// A change of a hyperparameter that a page asks for; no value has it follow the options again.
private struct AskedChange: Decodable {
  let name: String
  let value: OptionValue?

  private enum CodingKeys: CodingKey { case name, value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    if try container.decodeNil(forKey: .value) {
      value = nil
    } else if let number = try? container.decode(Double.self, forKey: .value) {
      value = .number(number)
    } else {
      value = .text(try container.decode(String.self, forKey: .value))
    }
  }
}

extension String {
  /// The text as one segment of a path.
  var asPathSegment: String {
    addingPercentEncoding(
      withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~")))
      ?? ""
  }
}
