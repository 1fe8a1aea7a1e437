import Foundation
import GANGraph
import GANLearning
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

/// Compares with `Tests/Parity/augmentation.py`, which shares no line with ours.
@Suite(
  "PyTorch augments and flips the same images alike",
  .enabled(if: PyTorch.missing == nil, "\(PyTorch.missing ?? "")"))
struct AugmentationParityTests {
  @Test(
    "Images, and gradients through what was done to them",
    arguments: [[64, 3, 16, 12], [64, 1, 9, 7]] as [Shape])
  func agrees(shape: Shape) throws {
    let builder = GraphBuilder()
    let images = builder.input("images", shape)
    func uniform(_ role: AugmentationRandomness) -> Tensor {
      builder.input(role.rawValue, [shape[0]])
    }
    let changed = Augmentation.allCases.applied(
      to: images.horizontallyFlipped(where: uniform(.horizontalFlip)), uniform: uniform)
    builder.output(changed, as: "changed")
    builder.output(
      (changed * changed * changed).sum().gradients(withRespectTo: [images])[0], as: "gradient")
    var inputs = ["images": Self.numbers(.syntheticImages, shape)]
    for role in AugmentationRandomness.allCases {
      inputs[role.rawValue] = Self.numbers(role.purpose, [shape[0]])
    }
    let ours = try ReferenceBackend().run(builder.finish(), inputs: inputs).outputs
    let theirs = try Self.theirs(shape)
    for (name, expected) in zip(["changed", "gradient"], theirs) {
      let got = try #require(ours[name]).reals
      try #require(got.count == expected.count)
      let worst = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
      // A few dozen roundings of values of order 1, and of means of some hundred.
      #expect(worst < 1e-12, "\(name) of \(shape)")
    }
  }

  private static func numbers(_ purpose: RandomPurpose, _ shape: Shape) -> ReferenceTensor {
    let stream = RandomStream(seed: 5, purpose: purpose, step: 2)
    return ReferenceTensor(shape, (0..<shape.elementCount).map { Double(stream.uniform(at: $0)) })
  }

  /// The same two lists of numbers by PyTorch, which makes its operands of the seed.
  private static func theirs(_ shape: Shape) throws -> [[Double]] {
    let (status, text) = try PythonPeer.run(
      [
        "-c",
        """
        import sys
        import math, torch, gan_random as g, augmentation as a
        shape = [int(extent) for extent in sys.argv[1:]]
        def numbers(purpose, shape):
            return torch.from_numpy(g.uniforms(5, purpose, 2, math.prod(shape))).reshape(shape)
        def uniform(role):
            return numbers(a.PURPOSES[role], shape[:1])
        images = numbers(g.Purpose.SYNTHETIC_IMAGES, shape).double().requires_grad_()
        changed = a.augment(a.flip(images, uniform("horizontalFlip")), a.AUGMENTATIONS, uniform)
        (changed ** 3).sum().backward()
        for values in (changed, images.grad):
            print(*values.flatten().tolist())
        """,
      ] + shape.dimensions.map(String.init))
    try #require(status == 0, "\(text)")
    return text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
  }
}

/// The other framework, where this machine has it.
private enum PyTorch {
  /// Why the suite cannot run, if it cannot.
  static let missing = PythonPeer.missingModules("numpy, torch")
}
