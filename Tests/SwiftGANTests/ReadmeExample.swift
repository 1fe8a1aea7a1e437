import SwiftGAN

/// The example of the README and the landing page; tests compare them and run this one.
func readmeExample() async throws {
  let data = try TrainingSet.mnist(in: "data/mnist")
  var options = GANOptions.tutorial
  options.epochs = 5
  let gan = try await GAN.train(options, on: data) { print($0) }
  try await gan.samples(count: 64, seed: 1).writeGrid(to: "samples.png")
  try gan.save(to: "generator.safetensors")
}
