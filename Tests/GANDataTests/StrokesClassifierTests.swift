import Foundation
import GANData
import GANTestSupport
import Testing

/// Runs `Tests/Parity/strokes_classifier.py`, which says by itself what is good.
@Suite(
  "PyTorch takes the built-in digits for MNIST's",
  .enabled(if: Classifier.missing == nil, "\(Classifier.missing ?? "")"))
struct StrokesClassifierTests {
  /// Fewer than MNIST has: enough, and a debug build writes them in seconds.
  @Test("A classifier of MNIST reads strokes, and a classifier of strokes reads MNIST")
  func classifiersChangePlaces() throws {
    let folder = try DataFolder()
    for (split, count) in [(ImageDataset.Split.train, 20_000), (.test, 2_000)] {
      let digits = ImageDataset.strokes(count: count, split: split)
      try folder.writeIDX(
        "\(split.rawValue)-images-idx3-ubyte", dimensions: [count, 28, 28], digits.pixels)
      try folder.writeIDX(
        "\(split.rawValue)-labels-idx1-ubyte", dimensions: [count], try #require(digits.labels))
    }
    let mnist = try #require(RealMNIST.folder)
    let result = try PythonPeer.run([
      "strokes_classifier.py", "--mnist", mnist, "--strokes", folder.path,
    ])
    print(result.text)
    #expect(result.status == 0, "\(result.text)")
  }
}

/// The other framework and what it needs, where this machine has it.
private enum Classifier {
  /// Why the suite cannot run, if it cannot.
  static let missing = PythonPeer.missing("numpy, torch")
}
