import GANData
import GANFormats
package import GANTensor

/// Writes a run's pictures, checkpoints and weights, on threads that do not train.
///
/// Each method starts writing and returns the task that ends with it; without a folder there is
/// nothing to write.
struct RunWriter: Sendable {
  let folder: RunFolder?
  /// The run's statistics, which must reach the disk before a checkpoint after them.
  let statistics: LineFile?
  let retention: CheckpointRetention
  /// How generated images lie side by side.
  let grid: ImageGrid

  /// Writes the first real items.
  func begin(realItems: HostTensor) -> Task<Void, any Error> {
    write { folder in
      let path = folder.realItems(areImages: realItems.areImages)
      try writePreview(realItems, ImageGrid(), to: path)
    }
  }

  /// Writes what the generator makes after an epoch, then its checkpoint.
  func endEpoch(
    _ epoch: Int, fakeItems: HostTensor, checkpoint: Checkpoint?
  ) -> Task<Void, any Error> {
    write { folder in
      try writePreview(
        fakeItems, grid, to: folder.fakeItems(epoch: epoch, areImages: fakeItems.areImages))
      try checkpoint.map { try save($0, to: folder) }
    }
  }

  /// Writes a checkpoint where a run stops between two epochs' ends.
  func interrupt(_ checkpoint: Checkpoint) -> Task<Void, any Error> {
    write { folder in try save(checkpoint, to: folder) }
  }

  /// Writes the bare networks.
  ///
  /// The discriminator's comes last: where it is, the run is finished.
  func finish(_ networks: TrainedNetworks) -> Task<Void, any Error> {
    write { folder in
      try networks.rawGenerator?.write(to: folder.rawGenerator)
      try networks.generator.write(to: folder.network(of: .generator))
      try networks.discriminator.write(to: folder.network(of: .discriminator))
    }
  }

  /// Images as a picture, points as an array.
  private func writePreview(_ items: HostTensor, _ grid: ImageGrid, to path: String) throws {
    if items.areImages {
      try PNG.write(grid.picture(of: items), to: path)
    } else {
      try Npy.write(items, to: path)
    }
  }

  private func save(_ checkpoint: Checkpoint, to folder: RunFolder) throws {
    try statistics?.sync()
    try checkpoint.write(to: folder, keeping: retention)
  }

  private func write(
    _ body: @escaping @Sendable (RunFolder) throws -> Void
  ) -> Task<Void, any Error> {
    Task.detached { if let folder { try body(folder) } }
  }
}

extension HostTensor {
  /// Whether these are images, `[N, C, H, W]`, and not points, `[N, D]`.
  package var areImages: Bool { shape.rank == 4 }
}
