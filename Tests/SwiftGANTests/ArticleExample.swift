import SwiftGAN

// The code of the article Serving.md; tests compare the two and run this.

/// Trains a model in a folder of its own, or goes on with one, and keeps its newest pictures.
func train(
  _ data: TrainingSet, in folder: String, resuming run: String?, pictures: String
) async throws -> GAN {
  var options = GANOptions.tutorial
  options.epochs = 2
  options["penalties"] = "[r1]"
  options["penalty.r1.weight"] = "1"
  let training =
    if let run {
      try await GAN.resume(run, on: data)
    } else {
      try await GAN.training(options, on: data, in: folder)
    }
  for try await event in training.events {
    switch event {
    case .report(let progress):
      let means = progress.readings.map { "\($0.name) \($0.mean ?? .nan)" }
      print("step \(progress.step) of \(progress.stepCount):", means.joined(separator: ", "))
    case .epoch(let progress, let preview?):
      try preview.writeGrid(to: "\(pictures)/\(progress.epoch).png")
    case .finished(let gan):
      return gan
    case .prepared, .epoch, .evaluated, .missed, .stopped:
      break
    }
  }
  throw CancellationError()
}

/// Answers a request with a picture.
func picture(of gan: GAN, count: Int, seed: UInt64) async throws -> [UInt8] {
  let samples = try await gan.samples(count: count, seed: seed)
  return [UInt8](try samples.png())
}
