import GANGraph
import GANTensor
import Testing

@Suite("A builder keeps the first rule broken")
struct GraphBuilderTests {
  private func firstError(_ build: (GraphBuilder) -> Void) -> GraphError? {
    let builder = GraphBuilder()
    build(builder)
    do throws(GraphError) {
      _ = try builder.finish()
      return nil
    } catch {
      return error
    }
  }

  @Test("The error carries the op, the operands and the caller's line, and later ones do not count")
  func firstErrorIsKept() {
    var line = 0
    let error = firstError { builder in
      let images = builder.input("images", [64, 100])
      let weight = builder.state("weight", [128, 256])
      line = #line + 1
      let product = images.matmul(weight)
      builder.output(product.matmul(images), as: "logits")
      builder.output(product.reshaped(to: [3]), as: "logits")
    }
    #expect(
      error?.description == "GANGraphTests/GraphBuilderTests.swift:\(line): matmul: "
        + "inner dimensions must agree, got [64, 100] · [128, 256]")
  }

  struct Misuse: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let build: @Sendable (GraphBuilder) -> Void

    init(_ expected: String, _ build: @escaping @Sendable (GraphBuilder) -> Void) {
      (testDescription, self.build) = (expected, build)
    }
  }

  static let misuses = [
    Misuse("output: names must differ, got loss twice") {
      $0.output($0.constant(1), as: "loss")
      $0.output($0.constant(2), as: "loss")
    },
    Misuse("update: needs a state, got input") {
      $0.update($0.input("x", [2]), to: $0.constant(0, [2]))
    },
    Misuse("update: weight is float32[2], got float32[]") {
      $0.update($0.state("weight", [2]), to: $0.constant(0))
    },
    Misuse("update: a state changes once a run, got weight twice") {
      $0.update($0.state("weight", [2]), to: $0.constant(0, [2]))
      $0.update($0.state("weight", [2]), to: $0.constant(1, [2]))
    },
    Misuse("result: must not be a state that changes, got weight") {
      let weight = $0.state("weight", [2])
      $0.update(weight, to: weight + 1)
      $0.output(weight.reshaped(to: [1, 2]), as: "old")
    },
    Misuse("state: x must have one meaning, got input x too") {
      $0.output($0.input("x", [2]) + $0.state("x", [2]), as: "sum")
    },
    Misuse("input: x must have one meaning, got input x too") {
      $0.output($0.input("x", [2]).sum() + $0.input("x", [3]).sum(), as: "sum")
    },
    Misuse("gradients: needs a float32 scalar, got float32[2]") {
      let x = $0.input("x", [2])
      $0.output(x.gradients(withRespectTo: [x])[0], as: "gradient")
    },
  ]

  @Test("Misuse is refused with a reason", arguments: misuses)
  func misuseIsRefused(_ misuse: Misuse) {
    let error = firstError(misuse.build)
    #expect(error.map { "\($0.op): \($0.reason)" } == misuse.testDescription)
  }

  @Test("A leaf asked for twice is one node")
  func leavesAreShared() throws {
    let builder = GraphBuilder()
    builder.output(builder.input("x", [2]) + builder.input("x", [2]), as: "sum")
    let graph = try builder.finish()
    #expect(graph.nodes.count == 2)
    #expect(graph.nodes.last?.operands == [NodeID(0), NodeID(0)])
  }

  @Test("Multiply-adds count rows, inner extent and columns whatever is transposed")
  func multiplyAdds() throws {
    let builder = GraphBuilder()
    let (x, w) = (builder.input("x", [2, 3]), builder.state("w", [5, 3]))
    let y = x.matmul(w, transposingRHS: true)
    builder.output(y, as: "forward")
    builder.output(y.matmul(x, transposingLHS: true), as: "weightGradient")
    #expect(try builder.finish().multiplyAddCount == 2 * 3 * 5 * 2)
  }

  @Test(
    "Multiply-adds of a convolution and of both its gradients are its windows' taps, padding too")
  func convolutionMultiplyAdds() throws {
    let builder = GraphBuilder()
    let (x, w) = (builder.input("x", [2, 3, 8, 5]), builder.state("w", [7, 3, 4, 2]))
    let y = x.convolved(with: w, stride: 2, padding: 1)
    #expect(y.shape == [2, 7, 4, 3])
    builder.output(y.sum(), as: "forward")
    let gradients = y.sum().gradients(withRespectTo: [x, w])
    builder.output(gradients[0], as: "images")
    builder.output(gradients[1], as: "weights")
    #expect(try builder.finish().multiplyAddCount == 3 * (2 * 4 * 3 * 7) * (3 * 4 * 2))
  }
}
