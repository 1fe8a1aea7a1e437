/// What a random number is for; numbers for different purposes never coincide.
///
/// Raw values enter the generator's counter (see `docs/randomness.md`): never renumber one, or
/// every saved run changes its future.
package enum RandomPurpose: UInt32, Hashable, Sendable, Codable, CaseIterable {
  /// Initial generator parameters; the step is the parameter's position in the network.
  case generatorInitialisation = 1
  /// Initial discriminator parameters; the step is the parameter's position in the network.
  case discriminatorInitialisation = 2
  /// The order of the data; the step is the epoch, from 0.
  case epochOrder = 3
  /// Latents of a discriminator update; the step counts discriminator updates, from 0.
  case discriminatorLatents = 4
  /// Latents of a generator update; the step counts generator updates, from 0.
  case generatorLatents = 5
  /// The fixed latents of the sample grids; the step is 0.
  case previewLatents = 6
  /// Latents of `gan sample`; the step is 0.
  case sampleLatents = 7
  /// Stand-in images of `gan bench`; the step is 0.
  case syntheticImages = 8
  /// The built-in data set `strokes`; the step is the image's index.
  case strokeDigits = 16
}
