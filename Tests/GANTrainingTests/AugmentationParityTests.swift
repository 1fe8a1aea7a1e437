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
    arguments: [[64, 3, 16, 12], [64, 1, 9, 7], [64, 3, 8, 8]] as [Shape], [1, 0.5])
  func agrees(shape: Shape, probability: Double) throws {
    let builder = GraphBuilder()
    let images = builder.input("images", shape)
    func numbers(_ role: AugmentationRandomness) -> Tensor {
      builder.input(role.rawValue, [shape[0]])
    }
    let changed = Augmentation.allCases.applied(
      to: images.horizontallyFlipped(where: numbers(.horizontalFlip)),
      probability: probability < 1 ? builder.constant(probability) : nil, numbers: numbers)
    builder.output(changed, as: "changed")
    builder.output(
      (changed * changed * changed).sum().gradients(withRespectTo: [images])[0], as: "gradient")
    var inputs = ["images": Self.numbers(.syntheticImages, shape)]
    for role in AugmentationRandomness.allCases {
      inputs[role.rawValue] = Self.numbers(
        role.purpose, [shape[0]], role.number, role.distribution)
    }
    let ours = try ReferenceBackend().run(builder.finish(), inputs: inputs).outputs
    let theirs = try Self.theirs(shape, probability)
    for (name, expected) in zip(["changed", "gradient"], theirs) {
      let got = try #require(ours[name]).reals
      try #require(got.count == expected.count)
      let worst = zip(got, expected).map { abs($0 - $1) }.max() ?? .infinity
      // A few dozen roundings of values of order 1, and of means of some hundred; places of pixels are
      // of order 100, and contrast and saturation make values and their cubes of order 1,000.
      #expect(worst < 1e-9, "\(name) of \(shape), at \(probability)")
    }
  }

  private static func numbers(
    _ purpose: RandomPurpose, _ shape: Shape, _ number: Int = 0,
    _ distribution: RandomDistribution = .uniform
  ) -> ReferenceTensor {
    let stream = RandomStream(seed: 5, purpose: purpose, step: 2 + UInt64(number) << 43)
    let count = shape.elementCount
    return ReferenceTensor(
      shape,
      distribution == .normal
        ? (0..<count).map { Double(stream.normal(at: $0)) }
        : (0..<count).map { Double(stream.uniform(at: $0)) })
  }

  /// The same two lists of numbers by PyTorch, which makes its operands of the seed.
  private static func theirs(_ shape: Shape, _ probability: Double) throws -> [[Double]] {
    let (status, text) = try PythonPeer.run(
      [
        "-c",
        """
        import sys
        import math, torch, gan_random as g, augmentation as a
        probability, shape = float(sys.argv[1]), [int(extent) for extent in sys.argv[2:]]
        def numbers(role):
            stream = a.STREAMS[role]
            return torch.from_numpy(stream.drawn(5, 2, shape[0]))
        images = torch.from_numpy(
            g.uniforms(5, g.Purpose.SYNTHETIC_IMAGES, 2, math.prod(shape))
        ).reshape(shape).double().requires_grad_()
        changed = a.augment(
            a.flip(images, numbers("horizontalFlip")), a.AUGMENTATIONS, numbers,
            probability=probability if probability < 1 else None)
        (changed ** 3).sum().backward()
        for values in (changed, images.grad):
            print(*values.flatten().tolist())
        """,
      ] + ["\(probability)"] + shape.dimensions.map(String.init))
    try #require(status == 0, "\(text)")
    return text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
  }
}

/// The other framework, where this machine has it.
private enum PyTorch {
  /// Why the suite cannot run, if it cannot.
  static let missing = PythonPeer.missingModules("numpy, torch")
}
