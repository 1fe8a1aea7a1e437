import Foundation
import GANData
import GANFormats
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@Suite("Ranks of one machine have a data set in memory once")
struct SharedImagesTests {
  private static let images = ImageDataset(
    name: "noise", imageShape: [2, 3, 5], pixels: (0..<60).map { UInt8($0) }, labels: [0, 1])

  /// What a rank has got.
  private struct Result: Sendable {
    let images: ImageDataset?
    let hasLoaded: Bool
  }

  /// Loads data as three ranks, of which a launcher says these places on their machines.
  private static func load(
    _ places: [(rank: Int, count: Int)?], _ data: any TrainingData, in folder: String
  ) throws -> [Result] {
    let environments = places.enumerated().map { rank, place in
      var environment = ["OMPI_COMM_WORLD_RANK": "\(rank)", "OMPI_COMM_WORLD_SIZE": "3"]
      environment["OMPI_COMM_WORLD_LOCAL_RANK"] = place.map { "\($0.rank)" }
      environment["OMPI_COMM_WORLD_LOCAL_SIZE"] = place.map { "\($0.count)" }
      return environment
    }
    return try ThreadRanks.run(3) { ranks in
      let launch = try #require(RankLaunch(environment: environments[ranks.rank]))
      var hasLoaded = false
      let found = try ranks.load(sharing: SharedImages(data), as: launch, in: folder) {
        hasLoaded = true
        return data
      }
      return Result(images: found as? ImageDataset, hasLoaded: hasLoaded)
    }
  }

  private static func expectImages(_ results: [Result]) {
    for result in results {
      #expect(result.images?.pixels == images.pixels)
      #expect(result.images?.labels == images.labels)
      #expect(result.images?.imageShape == images.imageShape)
      #expect(result.images?.name == images.name)
    }
  }

  @Test("The first rank of a machine loads them, all map one file, and the file is gone then")
  func sharing() throws {
    let scratch = try SmallMNIST()
    let folder = scratch.path(of: "temporary")
    try makeFolder(folder)
    let results = try Self.load([(0, 3), (1, 3), (2, 3)], Self.images, in: folder)
    Self.expectImages(results)
    #expect(results.map(\.hasLoaded) == [true, false, false])
    #expect(results.allSatisfy { $0.images?.storage.isMapped == true })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test("Two machines share nothing: each has a rank that loads")
  func machines() throws {
    let scratch = try SmallMNIST()
    let results = try Self.load([(0, 2), (1, 2), (0, 1)], Self.images, in: scratch.path)
    Self.expectImages(results)
    #expect(results.map(\.hasLoaded) == [true, false, true])
    #expect(results.map { $0.images?.storage.isMapped } == [true, true, false])
  }

  @Test("Where there is no room, or nobody knows who is where, every rank loads them")
  func alone() throws {
    let scratch = try SmallMNIST()
    let noRoom = try Self.load(
      [(0, 3), (1, 3), (2, 3)], Self.images, in: scratch.path(of: "nowhere"))
    let unknown = try Self.load([nil, nil, nil], Self.images, in: scratch.path)
    for results in [noRoom, unknown] {
      Self.expectImages(results)
      #expect(results.allSatisfy { $0.hasLoaded && $0.images?.storage.isMapped == false })
    }
  }

  @Test("Points and files that each rank maps are shared by nobody")
  func others() throws {
    let scratch = try SmallMNIST()
    #expect(SharedImages(PointDataset(.ring8, count: 10, seed: 1)) == nil)
    let path = scratch.path(of: "images")
    try AtomicFile.write(Self.images.pixels, to: path)
    let storage = DataStorage(try InputFile(path: path).mapped(), 0..<60)
    #expect(SharedImages(Self.images.stored(in: storage)) == nil)
  }
}
