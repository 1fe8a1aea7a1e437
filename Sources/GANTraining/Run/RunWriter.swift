import GANData
import GANFormats
import GANPlots
import GANRuntime
package import GANTensor
import Synchronization

/// Writes a run's pictures, checkpoints and weights, on threads that do not train.
///
/// Its identity is the queue of writes, in the order of the calls. It belongs to the engine's
/// thread. Without a folder nothing is written.
final class RunWriter {
  private let folder: RunFolder?
  /// The run's statistics, which must reach the disk before a checkpoint after them.
  private let statistics: LineFile?
  private let retention: CheckpointRetention
  private let previewRetention: EvenRetention
  /// The arrangement of generated images.
  private let grid: ImageGrid
  private var pending: Task<Void, any Error>?
  private let backlog = Backlog()

  /// The number of writes that are not done, which threads that write count down.
  private final class Backlog: Sendable {
    let count = Atomic(0)
  }

  init(
    folder: RunFolder?, statistics: LineFile?, of options: TrainingOptions
  ) {
    self.folder = folder
    self.statistics = statistics
    retention = CheckpointRetention(options)
    previewRetention = EvenRetention(picturesOf: options)
    grid = options.previewGrid
  }

  /// True if there is a folder.
  var writes: Bool { folder != nil }

  /// True if nothing waits for the disk.
  var isIdle: Bool { backlog.count.load(ordering: .relaxed) == 0 }

  /// Waits until everything is written.
  ///
  /// - Throws: `FormatError` if a file could not be written; none after it was.
  func settle() async throws { try await pending?.value }

  /// Writes the first real items.
  func write(realItems: HostTensor) {
    write { folder in
      let path = folder.realItems(areImages: realItems.areImages)
      try Self.writePreview(realItems, ImageGrid(), to: path)
    }
  }

  /// Writes the generator's items after an epoch.
  func write(fakeItems: HostTensor, epoch: Int) {
    let (grid, retention) = (self.grid, previewRetention)
    write { folder in
      let path = folder.fakeItems(epoch: epoch, areImages: fakeItems.areImages)
      try Self.writePreview(fakeItems, grid, to: path)
      folder.removePreviews(areImages: fakeItems.areImages, beyond: retention)
    }
  }

  /// Writes the curves of losses and scores.
  func write(_ history: RunHistory, of options: TrainingOptions) {
    write { folder in
      // The curves are drawn all the same where somebody has damaged the file of changes.
      let changes = (try? folder.readChanges(of: options)) ?? []
      let curves = history.curves(of: options, changes)
      try AtomicFile.write([UInt8](curves.svg().utf8), to: folder.curves)
    }
  }

  /// Writes what looks wrong at the end.
  func write(_ diagnosis: RunDiagnosis) {
    write { folder in
      try AtomicFile.write([UInt8](readableJSON(diagnosis).utf8), to: folder.diagnosis)
    }
  }

  /// Writes a checkpoint.
  func write(_ checkpoint: Checkpoint) {
    let (statistics, retention) = (self.statistics, self.retention)
    write { folder in
      try statistics?.sync()
      try checkpoint.write(to: folder, keeping: retention)
    }
  }

  /// Writes the state that the clock has saved.
  func write(timed checkpoint: Checkpoint) {
    let statistics = self.statistics
    write { folder in
      try statistics?.sync()
      try checkpoint.writeTimed(to: folder)
    }
  }

  /// Writes the bare networks.
  ///
  /// The discriminator's comes last: where it is, the run is finished.
  func write(_ networks: TrainedNetworks) {
    write { folder in
      try networks.rawGenerator?.write(to: folder.rawGenerator)
      try networks.generator.write(to: folder.network(of: .generator))
      try networks.discriminator.write(to: folder.network(of: .discriminator))
    }
  }

  /// Images as a picture, points as an array.
  private static func writePreview(
    _ items: HostTensor, _ grid: ImageGrid, to path: String
  ) throws {
    if items.areImages {
      try PNG.write(grid.picture(of: items), to: path)
    } else {
      try Npy.write(items, to: path)
    }
  }

  private func write(_ body: @escaping @Sendable (RunFolder) throws -> Void) {
    guard let folder else { return }
    let (previous, backlog) = (pending, self.backlog)
    backlog.count.add(1, ordering: .relaxed)
    pending = Task.detached {
      defer { backlog.count.subtract(1, ordering: .relaxed) }
      try await previous?.value
      try finishingBeforeExit { try body(folder) }
    }
  }
}

extension HostTensor {
  /// True for images, `[N, C, H, W]`, false for points, `[N, D]`.
  package var areImages: Bool { shape.rank == 4 }
}
