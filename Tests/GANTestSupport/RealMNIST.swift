import Foundation

/// Where the real MNIST is: the environment says, or the folder beside the package holds it.
package enum RealMNIST {
  /// A folder with its files, if there is one.
  package static let folder: String? = {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.appending(path: "../shared/data/mnist").standardized.path()
    let named = ProcessInfo.processInfo.environment["GAN_TEST_MNIST"]
    return [named, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }()
}
