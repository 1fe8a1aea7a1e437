import GANGraph
import GANLearning
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite("What augmentations and flips give, and their gradients")
struct AugmentationGradientTests {
  static let shapes: [Shape] = [[3, 3, 4, 5], [2, 1, 8, 12], [2, 3, 1, 1]]

  /// Numbers of a role, alike in every call.
  private static func numbers(_ role: AugmentationRandomness, count: Int) -> [Double] {
    let stream = RandomStream(
      seed: 7, purpose: role.purpose, step: 3 + UInt64(role.number) << 43)
    return role.distribution == .normal
      ? (0..<count).map { Double(stream.normal(at: $0)) }
      : (0..<count).map { Double(stream.uniform(at: $0)) }
  }

  /// What images go through.
  struct Change: Sendable, CustomStringConvertible {
    let isFlip: Bool
    let augmentations: [Augmentation]
    var probability: Double?

    var description: String {
      ((isFlip ? ["flip"] : []) + augmentations.map(\.rawValue)
        + (probability.map { ["at \($0)"] } ?? [])).joined(separator: ", ")
    }

    func callAsFunction(
      _ images: Tensor, _ numbers: @escaping (AugmentationRandomness) -> Tensor
    ) -> Tensor {
      augmentations.applied(
        to: isFlip ? images.horizontallyFlipped(where: numbers(.horizontalFlip)) : images,
        probability: probability.map { images.builder.constant($0) }, numbers: numbers)
    }
  }

  /// Each alone, and all together, always and half the time.
  static let changes =
    [Change(isFlip: true, augmentations: [])]
    + Augmentation.allCases.map { Change(isFlip: false, augmentations: [$0]) }
    + [nil, 0.5].map {
      Change(isFlip: true, augmentations: Augmentation.allCases, probability: $0)
    }

  static let cases: [GradientCase] = shapes.flatMap { shape in
    changes.map { change in
      GradientCase("\(change)", [shape]) { arguments in
        change(arguments[0]) { role in
          let numbers = numbers(role, count: shape[0]).map {
            arguments[0].builder.constant($0, [1])
          }
          return numbers[0].concatenated(with: Array(numbers[1...]), axis: 0)
        }
      }
    }
  }

  @Test(
    "Central differences agree along random directions, orders 1 and 2", arguments: cases, [1, 2])
  func gradientMatchesDifferences(test: GradientCase, order: Int) throws {
    for seed in 0..<4 as Range<UInt64> {
      let mismatch = try test.mismatch(order: order, seed: seed)
      #expect(mismatch < 1e-6, "\(test), order \(order), seed \(seed)")
    }
  }

  @Test(
    "The CPU backend agrees with the reference, between convolutions and without them",
    arguments: changes, [1, 2])
  func backendsAgree(change: Change, threadCount: Int) async throws {
    for shape in Self.shapes {
      for convolves in [false, true] {
        let (graph, inputs) = try Self.situation(change, shape, convolves: convolves)
        for optimizing in [false, true] {
          let errors = try await CPUEngine.shared.errors(
            of: graph, inputs: inputs, optimizing: optimizing, threadCount: threadCount)
          // Rounding of some dozen operations and of sums of a few hundred terms.
          let wrong = errors.filter { !($0.value < 2e-5) }
          #expect(wrong == [:], "\(change) of \(shape), optimised \(optimizing)")
        }
      }
    }
  }

  /// Changed images, the gradient of a function of them, and the gradient of that gradient's norm.
  private static func situation(
    _ change: Change, _ shape: Shape, convolves: Bool
  ) throws -> (Graph, [String: ReferenceTensor]) {
    let builder = GraphBuilder()
    let images = builder.input("images", shape)
    let weights = builder.input("weights", [shape[1], shape[1], 1, 1])
    let before = convolves ? images.convolved(with: weights) : images
    let after = change(before) { builder.input($0.rawValue, [shape[0]]) }
    let judged = (convolves ? after.convolved(with: weights) : after).tanh()
    let gradient = judged.sum().gradients(withRespectTo: [images])[0]
    builder.output(after, as: "after")
    builder.output(gradient, as: "gradient")
    builder.output(
      (gradient * gradient).sum().gradients(withRespectTo: [images])[0], as: "second gradient")
    let graph = try builder.finish()
    var random = SplitMix(seed: 4)
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      let role = AugmentationRandomness(rawValue: name)
      inputs[name] = ReferenceTensor(
        type.shape,
        role.map { numbers($0, count: shape[0]) }
          ?? random.reals(type.shape.elementCount, in: -1...1).map { Double(Float($0)) })
    }
    return (graph, inputs)
  }
}
