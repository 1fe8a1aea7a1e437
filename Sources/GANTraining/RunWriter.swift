import Foundation
import GANData
import GANFormats
import GANTensor

/// Writes a run's pictures, checkpoints and weights, on threads that do not train.
///
/// Each method starts writing and returns the task that ends with it; without a folder there is
/// nothing to write.
struct RunWriter: Sendable {
  let folder: RunFolder?
  let options: TrainingOptions
  let stepsPerEpoch: Int

  /// Writes what is known before the first step. The digest of the data takes a while.
  func begin(dataset: ImageDataset, realImages: HostTensor) -> Task<Void, any Error> {
    write { folder in
      try PNG.write(ImageGrid().picture(of: realImages), to: folder.realImages)
      let environment = RunEnvironment(threads: options.threads, dataset: dataset)
      try AtomicFile.write([UInt8](readableJSON(environment).utf8), to: folder.environment)
    }
  }

  /// Writes an epoch's picture, then its checkpoint.
  func endEpoch(
    _ epoch: Int, fakeImages: HostTensor, checkpoint: Checkpoint?
  ) -> Task<Void, any Error> {
    write { folder in
      try PNG.write(ImageGrid().picture(of: fakeImages), to: folder.fakeImages(epoch: epoch))
      try checkpoint?.write(
        to: folder, keeping: CheckpointRetention(stepsPerEpoch: stepsPerEpoch))
    }
  }

  /// Writes the bare networks.
  func finish(_ networks: [SavedNetwork]) -> Task<Void, any Error> {
    write { folder in
      for network in networks { try network.write(to: folder.network(of: network.player)) }
    }
  }

  private func write(
    _ body: @escaping @Sendable (RunFolder) throws -> Void
  ) -> Task<Void, any Error> {
    Task.detached { if let folder { try body(folder) } }
  }
}
