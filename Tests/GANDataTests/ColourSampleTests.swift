import Foundation
import GANData
import GANFormats
import GANTensor
import GANTestSupport
import Testing

/// 5,000 real colour pictures in class folders, where they lie beside the package.
private enum ColourSample {
  static let archive: String? = {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let beside = package.appending(path: "../shared/data/cifar10-sample.tar").standardized.path
    return FileManager.default.fileExists(atPath: beside) ? beside : nil
  }()
}

@Suite(
  "Real colour pictures",
  .enabled(if: ColourSample.archive != nil, "no ../shared/data/cifar10-sample.tar"))
struct ColourSampleTests {
  @Test func fiveThousandJPEGsOfTenClassesArePacked() throws {
    let scratch = try DataFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tar", "-xf", try #require(ColourSample.archive), "-C", scratch.path]
    try process.run()
    process.waitUntilExit()
    let folder = try ImageFolder("\(scratch.path)/cifar10-sample")
    let framing = FramingRequest().framing(for: folder)
    #expect(framing.imageShape == [3, 32, 32])
    let path = "\(scratch.path)/sample"
    try ImagePacker(folder, named: "sample", framing: framing).pack(into: path)
    let packed = try PackedImages(contentsOf: path)
    #expect(packed.dataset.count == 5_000)
    #expect(packed.report.modes == ["JPEG colour": 5_000])
    #expect(packed.report.unreadable.isEmpty)
    let labels = try #require(packed.dataset.labels)
    #expect(
      (0..<10).map { label in labels.count { $0 == label } } == Array(repeating: 500, count: 10))
    #expect(packed.dataset.classNames?.first == "airplane")
  }
}
