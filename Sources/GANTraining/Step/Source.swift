package import GANTensor

/// The source of items.
package indirect enum Source: Hashable, Sendable {
  /// Random numbers.
  case noise(Noise)
  /// A batch of a data set, by its name in the game.
  case data(String)
  /// A network's outputs for items, in training.
  case output(Role, of: Source)
  /// The values of several sources, item by item, one after another along the first axis.
  case joined([Source])

  /// The networks on the way from its leaves.
  var roles: Set<Role> {
    switch self {
    case .noise, .data: []
    case .output(let role, let source): source.roles.union([role])
    case .joined(let sources): sources.reduce(into: []) { $0.formUnion($1.roles) }
    }
  }

  /// The noises among its leaves, in order.
  var noises: [Noise] {
    switch self {
    case .noise(let noise): [noise]
    case .data: []
    case .output(_, let source): source.noises
    case .joined(let sources): sources.flatMap(\.noises)
    }
  }

  /// The name of the last network's application in names of random tensors: its role if it is
  /// applied to leaves, else every role on the way, the last one first.
  var applicationName: String {
    switch self {
    case .noise, .data, .joined: "input"
    case .output(let role, .noise), .output(let role, .joined): role.rawValue
    case .output(let role, .data(let name)): "\(role).\(name)"
    case .output(let role, let source): "\(role).\(source.applicationName)"
    }
  }
}

/// Random items, drawn afresh in every update.
package struct Noise: Hashable, Sendable {
  /// Its name in traces; one name, one noise.
  package var name: String
  /// `[L]` of one item.
  package var shape: Shape
  package var distribution = Distribution.normal
  /// Classes to draw one of for each item, for networks that are told it; nil draws none.
  package var classCount: Int?
  /// The name of those classes in traces.
  package var labelsName: String
  /// The data set whose items' classes they are; nil draws them.
  package var labelsSource: String?

  /// The distribution of elements.
  package enum Distribution: Hashable, Sendable {
    /// Standard normals.
    case normal
    /// Uniforms on [-1, 1).
    case uniform
    /// One 1 among zeros, at each place as likely.
    case oneHot
  }

  package init(
    _ name: String = "latents", shape: Shape, distribution: Distribution = .normal,
    classCount: Int? = nil, labelsName: String = "latentLabels", labelsSource: String? = nil
  ) {
    self.name = name
    self.shape = shape
    self.distribution = distribution
    self.classCount = classCount
    self.labelsName = labelsName
    self.labelsSource = labelsSource
  }
}

/// A data set as a game's networks see its items.
package struct GameDataSet: Hashable, Sendable {
  /// Its name in traces.
  package var name: String
  /// The shape of an item as networks make and judge it, flat or `[C, H, W]`.
  package var itemShape: Shape
  /// True if some network looks at its classes.
  package var isLabelled: Bool
  /// `[C, H, W]`, if half the items are mirrored; else nil.
  package var flippedShape: Shape?

  package init(
    _ name: String, itemShape: Shape, isLabelled: Bool = false, flippedShape: Shape? = nil
  ) {
    self.name = name
    self.itemShape = itemShape
    self.isLabelled = isLabelled
    self.flippedShape = flippedShape
  }
}
