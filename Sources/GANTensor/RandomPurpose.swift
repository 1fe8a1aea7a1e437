/// The use of a random number; numbers for different purposes never coincide.
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
  /// The points of a toy world's data set; the step is 0.
  case worldData = 9
  /// Fresh points of a toy world; the step counts discriminator updates, from 0.
  case worldBatch = 10
  /// Fresh points of a distribution that stands in for a generator; steps as of `worldBatch`.
  case standInBatch = 11
  /// Points of a toy world to judge with; the step is the number of the judgement, from 0.
  case evaluationWorld = 12
  /// Points of what stands in for a generator, to judge; steps as of `evaluationWorld`.
  case evaluationStandIn = 13
  /// Real samples judged against real ones; the step numbers the samples, from 0.
  case noiseFloor = 14
  /// Latents of samples that an evaluation judges; steps as of `evaluationWorld`.
  case evaluationLatents = 15
  /// The built-in data set `strokes`; the step is the image's index.
  case strokeDigits = 16
  /// Places of a penalty between real and generated items; the step counts discriminator
  /// updates, from 0.
  case penaltyInterpolation = 17
  /// The direction from a real item in which a penalty is taken; the step counts discriminator
  /// updates, from 0.
  case penaltyNoise = 18
  /// Distances in that direction; the step counts discriminator updates, from 0.
  case penaltyScale = 19
  // The step of those below counts discriminator updates, or generator updates, from 0, plus 2⁴⁰
  // times which application of a network it is for, as `docs/randomness.md` numbers them.

  /// The values that a dropout layer keeps.
  case dropout = 20
  /// The classes of generated items.
  case latentLabels = 21
  /// Starts of spectral normalisation's power iteration; the step is the parameter's
  /// position in the network, of the discriminator plus 2⁴⁰.
  case spectralVectors = 22
  /// Random horizontal flips of real images; the step counts discriminator updates.
  case horizontalFlip = 23
  /// Augmentation: how much lighter an image becomes.
  case brightness = 24
  /// Augmentation: how far its colours come from their mean.
  case saturation = 25
  /// Augmentation: how far its pixels come from their mean.
  case contrast = 26
  /// Augmentation: how many rows it moves down.
  case translationRows = 27
  /// Augmentation: how many columns it moves to the right.
  case translationColumns = 28
  /// Augmentation: the row of the square that is cut out.
  case cutoutRows = 29
  /// Augmentation: the column of the square that is cut out.
  case cutoutColumns = 30
  /// Noise of an update in a game other than that of two; the upper bits of the step tell rules and
  /// noises apart.
  case noise = 31
  /// Items that an estimate from subsets draws; the step is twice the subset's number, plus one for
  /// the generated items.
  case evaluationSubsets = 32
  /// Directions that features are projected on; the step is the direction's number, from 0.
  case evaluationDirections = 33
  /// Cells of features; the step is 0 for the items that they are fitted to, 1 for first centres.
  case evaluationCells = 34
  /// Weights of networks of features before any training; the step is the parameter's position, those
  /// of the classifier after those of the features.
  case featureInitialisation = 35
  /// The order in which a classifier sees images; the step is the pass over the data, from 0.
  case classifierOrder = 36
  /// How far a classifier's images move; the step counts its updates, from 0.
  case classifierShift = 37
  /// The order in which an evaluation draws images; the step is 0 for real ones to compare with, 1 for
  /// those to judge.
  case evaluationOrder = 38
  /// The order of gray images in a channel of stacked ones; the step is the channel, from 0.
  case stackedImages = 39
  /// Real items that a generator's update draws for itself; the step counts its updates, from 0.
  case freshItems = 40
  /// Shifts of real items for a penalty; the step counts discriminator updates, from 0.
  case penaltyRealShift = 41
  /// The same of generated items.
  case penaltyGeneratedShift = 42

  // Those below are augmentation's; the step is as of `brightness`, plus 2⁴³ times a number of
  // `docs/randomness.md`.

  /// Augmentation: where an image's pixels go, by `geometry`.
  case geometry = 43
  /// Augmentation: what becomes of its colours, by `photometry`.
  case photometry = 44
  /// Augmentation: whether a change happens to an image.
  case augmentationChance = 45
}
