import Foundation
import Testing

@testable import GANPlots

@Suite("Figures of every kind")
struct GalleryTests {
  /// Names a folder that the pictures are kept in, for looking at.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["GAN_TEST_PLOTS"] != nil))
  func everyKindIsWritten() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["GAN_TEST_PLOTS"])
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, figure) in Gallery.figures { try figure.write(name, into: folder) }
  }
}
