package import GANTensor

/// Two kinds of items and the network that tells them apart.
package struct Contest: Hashable, Sendable {
  /// The prefix of its readings and random tensors; nil for an update's only contest.
  package var name: String?
  package var judge: Judge
  /// The items that the judge is to call real.
  package var real: Source
  /// The items that it is to call generated.
  package var fake: Source

  package init(_ name: String? = nil, judge: Judge, real: Source, fake: Source) {
    self.name = name
    self.judge = judge
    self.real = real
    self.fake = fake
  }

  /// The side that an item is on.
  package enum Side: String, Hashable, Sendable {
    case real, generated
  }

  /// The name of a part of it.
  func named(_ part: String) -> String { name.map { "\($0).\(part)" } ?? part }
}

/// A network as a judge of items.
package struct Judge: Hashable, Sendable {
  package var role: Role
  /// Items that it judges together: real ones, or generated ones.
  ///
  /// - Source: Lin et al., "PacGAN: The power of two samples in generative adversarial networks",
  ///   2018, arXiv:1712.04086.
  package var packing: Int
  /// True if its outputs are a logit and then those of classes.
  package var namesClasses: Bool
  /// What happens to every image before it is judged.
  package var augmentation: JudgeAugmentation
  /// `[C, H, W]` of an image, where images are augmented.
  package var imageShape: Shape?

  package init(
    _ role: Role, packing: Int = 1, namesClasses: Bool = false,
    augmentation: JudgeAugmentation = JudgeAugmentation(), imageShape: Shape? = nil
  ) {
    precondition(
      augmentation.kinds.isEmpty || imageShape != nil,
      "only images are augmented; their shape is missing")
    self.role = role
    self.packing = packing
    self.namesClasses = namesClasses
    self.augmentation = augmentation
    self.imageShape = imageShape
  }
}
