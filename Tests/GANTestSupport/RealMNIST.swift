import Foundation
import GANData

/// Where the real MNIST is: the environment says, the folder beside the package holds it, or the
/// cache of `gan data fetch mnist`.
package enum RealMNIST {
  /// A folder with its files, if there is one.
  package static let folder: String? = {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.appending(path: "../shared/data/mnist").standardized.path()
    let environment = ProcessInfo.processInfo.environment
    let places = [environment["GAN_TEST_MNIST"], beside].compactMap(\.self)
    return places.first { FileManager.default.fileExists(atPath: $0) } ?? cached(environment)
  }()

  /// Why there is none.
  package static let absence = "neither GAN_TEST_MNIST nor the cache has MNIST"

  /// The cache's folder, if all of it is there.
  private static func cached(_ environment: [String: String]) -> String? {
    guard let cache = DataCache(environment: environment), let mnist = NamedDataset.mnist.download,
      cache.absentFiles(of: mnist).isEmpty
    else { return nil }
    return cache.folder(of: mnist)
  }
}
