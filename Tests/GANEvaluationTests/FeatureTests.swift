import Foundation
import GANData
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANEvaluation

@Suite("Features follow from the image alone")
struct FeatureTests {
  @Test(
    "Networks take every size of images down to a few pixels",
    arguments: [
      [1, 28, 28], [3, 32, 32], [1, 64, 64], [3, 64, 48], [1, 4, 4], [1, 5, 1_024],
    ])
  func sizes(extents: [Int]) throws {
    let network = FeaturePlan.features(of: Shape(extents), endsWithReLU: true)
    #expect(try network.outputShape() == [FeaturePlan.featureCount])
  }

  @Test("An image has the same features beside others, alone, and on any number of threads")
  func alone() async throws {
    let images = ImageDataset.strokes(count: 250)
    let network = try FeatureNetwork.random(for: images.imageShape)
    var tables: [FeatureTable] = []
    for threads in [1, 2, 3] {
      let extractor = try FeatureExtractor(network, on: CPUDevice(threadCount: threads))
      tables.append(try await extractor.features(of: images, 0..<250) { _ in })
      tables.append(try await extractor.features(of: images, [249]) { _ in })
    }
    #expect(tables[2] == tables[0] && tables[4] == tables[0])
    for single in [tables[1], tables[3], tables[5]] {
      #expect(single == tables[0].rows(249..<250))
    }
  }

  @Test("The processor's features are the reference's")
  func reference() async throws {
    let images = ImageDataset.strokes(count: 3)
    let network = try FeatureNetwork.random(for: images.imageShape)
    var tables: [FeatureTable] = []
    for kind in DeviceKind.allCases {
      let extractor = try FeatureExtractor(network, on: kind.makeDevice(threadCount: 1))
      tables.append(try await extractor.features(of: images, 0..<3) { _ in })
    }
    let largest = tables[0].features.map(abs).max() ?? 0
    for (one, other) in zip(tables[0].features, tables[1].features) {
      // Sums of some hundred products in single precision.
      #expect(abs(one - other) <= 1e-5 * largest)
    }
  }

  @Test("A network's file gives the network back, with its digest")
  func file() throws {
    let folder = try ScratchFolder()
    let network = try FeatureNetwork.random(for: [1, 28, 28])
    let path = folder.path(of: "random.safetensors")
    try network.write(to: path)
    let read = try FeatureNetwork(contentsOf: path)
    #expect(read.sha256 == network.sha256 && read.name == network.name)
    #expect(read.features == network.features && read.classifier == nil)
    #expect(read.tensors.map(\.tensor) == network.tensors.map(\.tensor))
  }

  @Test("A file with a changed byte, and one of another kind, are no network of features")
  func foreign() throws {
    let folder = try ScratchFolder()
    let path = folder.path(of: "random.safetensors")
    try FeatureNetwork.random(for: [1, 8, 8]).write(to: path)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    bytes[bytes.count - 1] ^= 1
    try Data(bytes).write(to: URL(filePath: path))
    #expect(throws: TrainingError.self) { try FeatureNetwork(contentsOf: path) }
  }
}

/// A folder of a test's own, removed with it.
final class ScratchFolder {
  private let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/gan-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Where something of that name in the folder is or would be.
  func path(of name: String) -> String { "\(path)/\(name)" }
}
