/// A data set with a name of its own: one row of the registry.
///
/// Every list of names, help screen and message reads `all`; adding a data set takes its loader and
/// a row there.
package struct NamedDataset: Sendable {
  /// The name in options, reports and the cache, such as `fashion-mnist`.
  package let name: String
  /// The name that its authors gave it, such as `Fashion-MNIST`.
  package let properName: String
  /// The contents in a few words, such as `clothes`.
  package let summary: String
  /// The origin of the items.
  package let origin: Origin

  /// An origin of items.
  package enum Origin: Sendable {
    /// Images in files, in a folder or downloaded.
    case files(DatasetFiles)
    /// Images made on the spot.
    case images(@Sendable (ImageDataset.Split) -> ImageDataset)
    /// Points of a known density, drawn by a run's seed.
    case points(@Sendable (_ seed: UInt64) -> PointDataset)
  }

  /// Describes a data set.
  package init(name: String, properName: String, summary: String, origin: Origin) {
    (self.name, self.properName, self.summary) = (name, properName, summary)
    self.origin = origin
  }

  /// Every data set that has a name, in the order of lists.
  ///
  /// A folder is recognised in this order, too: of several data sets in the same files the first is
  /// taken.
  package static let all: [NamedDataset] =
    [mnist, fashionMNIST, kmnist, qmnist] + emnist + [cifar10, strokes] + stacked
    + ToyWorld.allCases.map(NamedDataset.init)

  /// The data set that `auto` stands for.
  package static let preferred = mnist

  /// The data sets that `auto` takes in its place, the best first: only from where no network is
  /// needed.
  package static let substitutes = [fashionMNIST, strokes]

  /// The data set of a name; nil where none has it.
  package static func named(_ name: String) -> NamedDataset? { all.first { $0.name == name } }
}

extension NamedDataset {
  /// The files, where there are any.
  package var files: DatasetFiles? { if case .files(let files) = origin { files } else { nil } }

  /// The files to download; nil where they cannot be.
  package var download: PublishedDataset? { files?.download }

  /// Items without rows and columns.
  package var isPoints: Bool { if case .points = origin { true } else { false } }
}
