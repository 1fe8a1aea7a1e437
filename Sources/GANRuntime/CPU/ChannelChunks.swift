internal import CKernels
internal import GANGraph
internal import GANTensor

/// The division of images into chunks for the sums of their channels, which are added up chunk by
/// chunk and then joined, in an order that depends on the shape alone: neither on the team nor on
/// whether a region adds up its results or the sum reads them.
struct ChannelChunks {
  let channels: Int
  /// Elements of a chunk, whole tiles.
  let elements: Int
  let count: Int

  /// Enough for teams to share, and few enough to join.
  private static let most = 32

  init(of shape: Shape) {
    let tileElements = Int(CK_TILE)
    channels = shape.dimensions.last ?? 1
    let tiles = (shape.elementCount + tileElements - 1) / tileElements
    let tilesPerChunk = max((tiles + Self.most - 1) / Self.most, 1)
    elements = tilesPerChunk * tileElements
    count = (tiles + tilesPerChunk - 1) / tilesPerChunk
  }

  /// Doubles that the chunks of one sum need.
  var partialCount: Int { count * channels }
}
