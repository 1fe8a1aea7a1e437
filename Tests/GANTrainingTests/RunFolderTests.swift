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

  @Test("Two runs that start at once get two folders")
  func race() async throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "runs")
    let paths = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try RunFolder.create(in: runs, for: TrainingOptions(), on: environment).path
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(paths.count == 8)
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
