import Foundation
import GANFormats
import GANTraining

// What may have been meant by a path at which nothing is.

/// The nearest name there is, and the runs among which a run was looked for; nil where there is
/// neither.
func adviceOnAbsent(_ path: String) -> String? {
  let nearest = nearestPath(to: path)
  let parent = (path as NSString).deletingLastPathComponent
  let name = (path as NSString).lastPathComponent
  // A run's number, or its name, without the folder of runs.
  let isNumber =
    RunFolder.number(ofName: "\(name)-") != nil || RunFolder.number(ofName: name) != nil
  let places = [parent.isEmpty ? "." : parent, nearest, isNumber ? RunChoices().runsDir : nil]
  let runs = places.compactMap(\.self).lazy.map(linesOnRuns).first { !$0.isEmpty } ?? []
  let lines = (nearest.map { ["did you mean \($0.shellQuoted)?"] } ?? []) + runs
  return lines.isEmpty ? nil : lines.joined(separator: "\n")
}

/// The path with the nearest name there is in place of the first at which nothing is; nil where none is
/// near.
func nearestPath(to path: String) -> String? {
  let manager = FileManager.default
  var (folder, rest) = (path as NSString, "")
  var name = ""
  repeat {
    rest = name.isEmpty ? "" : (name as NSString).appendingPathComponent(rest)
    name = folder.lastPathComponent
    folder = folder.deletingLastPathComponent as NSString
  } while folder.length > 0 && folder != "/" && !isFolder(folder as String)
  let place = folder.length == 0 ? "." : folder as String
  let names = (try? manager.contentsOfDirectory(atPath: place)) ?? []
  let others = names.filter { !$0.hasPrefix(".") && $0 != name }.sorted()
  guard let nearest = nearestName(to: name, among: others) else { return nil }
  let found = folder.appendingPathComponent(nearest)
  let whole = (found as NSString).appendingPathComponent(rest)
  return manager.fileExists(atPath: whole) ? whole : found
}

/// The runs in a folder; nil where it holds none.
func adviceOnRuns(in folder: String) -> String? {
  let lines = linesOnRuns(in: folder)
  return lines.isEmpty ? nil : lines.joined(separator: "\n")
}

/// The runs in a folder, the newest first, a line each; none where it holds none.
private func linesOnRuns(in folder: String) -> [String] {
  let shownCount = 5
  let runs = ((try? RunFolder.all(in: folder)) ?? []).map { run in
    let name = (run.path as NSString).lastPathComponent
    return (number: RunFolder.number(ofName: name) ?? -1, name: name)
  }.sorted { ($0.number, $0.name) > ($1.number, $1.name) }
  guard !runs.isEmpty else { return [] }
  let shown = runs.prefix(shownCount).map { run in
    "  " + (folder == "." ? run.name : (folder as NSString).appendingPathComponent(run.name))
  }
  let more = runs.count - shown.count
  return ["the runs there, the newest first:"] + shown
    + (more > 0 ? ["  and \(more) more: " + ["gan", "runs", "list", folder].shellLine] : [])
}
