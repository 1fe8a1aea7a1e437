import GANLearning

// What an address leaves out is as usual, so that addresses outlive settings that come later.
extension PlaySettings {
  // Encoding, in another file, has the same keys: private ones would not be found by a debug build.
  enum CodingKeys: String, CodingKey {
    case world, points, spread, mixture, standIn, objective, penalty, penaltyWeight, packing
    case batchSize, latentSize, generator, discriminator, beta1, averageHalfLife, seed
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func take<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
      value = try container.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    self.init()
    try take(.world, &world)
    try take(.points, &points)
    try take(.spread, &spread)
    try take(.mixture, &mixture)
    try take(.standIn, &standIn)
    try take(.objective, &objective)
    penalty = try container.decodeIfPresent(Penalty.self, forKey: .penalty)
    try take(.penaltyWeight, &penaltyWeight)
    try take(.packing, &packing)
    try take(.batchSize, &batchSize)
    try take(.latentSize, &latentSize)
    try take(.generator, &generator)
    try take(.discriminator, &discriminator)
    try take(.beta1, &beta1)
    try take(.averageHalfLife, &averageHalfLife)
    try take(.seed, &seed)
  }
}

extension PlaySettings.PlayerSettings {
  enum CodingKeys: String, CodingKey { case width, depth, learningRate, steps }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    width = try container.decodeIfPresent(Int.self, forKey: .width) ?? width
    depth = try container.decodeIfPresent(Int.self, forKey: .depth) ?? depth
    learningRate = try container.decodeIfPresent(Double.self, forKey: .learningRate) ?? learningRate
    steps = try container.decodeIfPresent(Int.self, forKey: .steps) ?? steps
  }
}
