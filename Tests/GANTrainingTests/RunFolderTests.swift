import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Runs get numbered folders")
struct RunFolderTests {
  private let environment = RunEnvironment(
    threads: 1, dataset: ImageDataset(name: "mnist", imageShape: [1, 1, 1], pixels: [0]))

  @Test(
    "The number is one more than the greatest",
    arguments: [
      ([], "00000"), (["00000-a"], "00001"), (["00007-a", "00003-b"], "00008"),
      (["notes.txt", "12", "x-1"], "00000"), (["99999-a"], "100000"),
    ] as [([String], String)])
  func numbering(existing: [String], number: String) throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "deep/runs")
    for name in existing { try makeFolder("\(runs)/\(name)") }
    let folder = try RunFolder.create(in: runs, for: TrainingOptions(), on: environment)
    #expect(folder.path == "\(runs)/\(number)-mnist-tutorial-seed0")
    #expect(isFolder(folder.samples))
    #expect(isFolder(folder.checkpoints))
  }

  @Test("Runs that start at once get a number each, whatever they are called")
  func race() async throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "runs")
    let count = 100
    let folders = try await withThrowingTaskGroup { group in
      for seed in 0..<count {
        group.addTask {
          var options = TrainingOptions()
          options.seed = UInt64(seed)
          return try RunFolder.create(in: runs, for: options, on: environment)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: runs)
    #expect(names.count == count)
    #expect(names.compactMap { Int($0.prefix(5)) }.sorted() == Array(0..<count))
    for folder in folders {
      for path in [folder.options, folder.environment, folder.samples, folder.checkpoints] {
        #expect(FileManager.default.fileExists(atPath: path))
      }
    }
  }

  @Test("What a kill left of making a run holds its number for a day, and then goes")
  func leftovers() throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "runs")
    let left = "\(runs)/.gan-unfinished-00007"
    try makeFolder("\(left)/samples")
    func next() throws -> String {
      try RunFolder.create(in: runs, for: TrainingOptions(), on: environment).path
    }
    #expect(try next() == "\(runs)/00008-mnist-tutorial-seed0")
    #expect(isFolder(left))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -25 * 60 * 60)], ofItemAtPath: left)
    #expect(try next() == "\(runs)/00009-mnist-tutorial-seed0")
    #expect(!isFolder(left))
  }

  @Test("A folder that cannot be made is an error of writing")
  func unwritable() throws {
    let scratch = try SmallMNIST()
    let file = scratch.path(of: "train-images-idx3-ubyte")
    let error = #expect(throws: FormatError.self) {
      try RunFolder.create(in: "\(file)/runs", for: TrainingOptions(), on: environment)
    }
    #expect(error?.kind == .unwritable)
  }
}
