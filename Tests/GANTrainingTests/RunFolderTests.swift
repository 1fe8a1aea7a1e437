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
    let (folder, _) = try RunFolder.create(in: runs, for: TrainingOptions(), on: environment)
    #expect(folder.path == "\(runs)/\(number)-mnist-tutorial-seed0")
    #expect(isFolder(folder.samples))
    #expect(isFolder(folder.checkpoints))
  }

  @Test("Runs that start at once get a folder each and hold it, whole")
  func race() async throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "runs")
    let count = 100
    let locks = try await withThrowingTaskGroup { group in
      for _ in 0..<count {
        group.addTask {
          try RunFolder.create(in: runs, for: TrainingOptions(), on: environment)
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.folder] = $1.lock }
    }
    #expect(locks.count == count)
    #expect(try FileManager.default.contentsOfDirectory(atPath: runs).count == count)
    for folder in locks.keys {
      #expect(throws: TrainingError.busy(path: folder.path)) { try RunLock(folder) }
      for path in [folder.options, folder.environment, folder.samples, folder.checkpoints] {
        #expect(FileManager.default.fileExists(atPath: path))
      }
    }
  }

  @Test("A start's folder stays, however often others remove what kills left")
  func removal() throws {
    let scratch = try SmallMNIST()
    let runs = scratch.path(of: "runs")
    let remover = Task {
      while !Task.isCancelled { RunFolder.removeUnfinished(in: runs) }
    }
    defer { remover.cancel() }
    for _ in 0..<2_000 {
      let (folder, lock) = try RunFolder.makeUnfinished(in: runs)
      withExtendedLifetime(lock) { #expect(rmdir(folder.path) == 0) }
    }
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
