import Foundation
import GANLab
import GANTensor
import GANTraining
import Testing

/// The folder of an experiment, written and read again; removed with it.
final class LabFixture {
  let path = NSTemporaryDirectory() + "/gan-lab-" + UUID().uuidString
  /// `report.json`, decoded.
  private let report: [String: Any]
  /// What was measured.
  var results: Any { report["results"] ?? NSNull() }

  /// Runs an experiment and checks what all folders have.
  init(_ experiment: some Experiment) async throws {
    let command = "gan lab something"
    let report = try await LabReport(running: experiment, command: command, on: try Engine()) { _ in
    }
    try LabFolder(path: path).write(report)
    let json = try Data(contentsOf: URL(filePath: "\(path)/report.json"))
    self.report = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(
      self.report.keys.sorted() == [
        "command", "elapsedSeconds", "experiment", "formatVersion", "processor",
        "processorCount", "results", "settings", "version",
      ])
    #expect(self.report["experiment"] as? String == type(of: experiment).name)
    let readme = try String(contentsOfFile: "\(path)/README.md", encoding: .utf8)
    #expect(readme.contains("```\n\(command)\n```"))
    let pictures = experiment.account(of: report.results).pictures.map(\.name)
    #expect(!pictures.isEmpty && Set(pictures).count == pictures.count)
    for picture in pictures {
      #expect(readme.contains("](\(picture).png)"), "\(picture)")
      for ending in [".svg", ".png", "-dark.png"] {
        let file = "\(path)/\(picture)\(ending)"
        #expect(FileManager.default.fileExists(atPath: file), "\(file)")
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The results as a dictionary.
  var dictionary: [String: Any] {
    get throws { try #require(results as? [String: Any]) }
  }
}

extension [String: Any] {
  /// A number.
  func number(_ key: String) throws -> Double { try #require(self[key] as? Double, "\(key)") }

  /// A list of dictionaries.
  func list(_ key: String) throws -> [[String: Any]] {
    try #require(self[key] as? [[String: Any]], "\(key)")
  }
}
