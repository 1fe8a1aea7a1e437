import GANGraph
import GANTensor
import Testing

@Suite("A graph made by hand is refused for the rule it breaks")
struct VerifierTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let graph: Graph

    init(
      _ expected: String, _ nodes: [Node], outputs: [NamedNode] = [], updates: [NamedNode] = []
    ) {
      testDescription = expected
      graph = Graph(nodes: nodes, outputs: outputs, updates: updates)
    }
  }

  static let type = TensorType([2], .float32)
  static let input = Node(op: .input("x", type), operands: [], type: type)
  static let state = Node(op: .state("w", type), operands: [], type: type)

  static func node(_ op: Op, _ operands: Int..., type: TensorType = type) -> Node {
    Node(op: op, operands: operands.map(NodeID.init), type: type)
  }

  static func named(_ name: String, _ index: Int) -> NamedNode {
    NamedNode(name: name, node: NodeID(index))
  }

  static let cases = [
    Case("negate: %0 must come after its operands, got [%1]", [node(.unary(.negate), 1), input]),
    Case("negate: %0 must come after its operands, got [%0]", [node(.unary(.negate), 0)]),
    Case("negate: %0 must come after its operands, got [%-1]", [node(.unary(.negate), -1)]),
    Case(
      "exp: %1 must be float32[2], got float32[3]",
      [input, node(.unary(.exp), 0, type: TensorType([3], .float32))]),
    Case("add: %1 takes 2 operands, got 1", [input, node(.binary(.add), 0)]),
    Case(
      "state: x must have one meaning, got input x too",
      [input, Node(op: .state("x", type), operands: [], type: type)]),
    Case("result: must be a node, got %4 of 1", [input], outputs: [named("y", 4)]),
    Case(
      "result: names must differ", [input, node(.unary(.exp), 0)],
      outputs: [named("y", 0), named("y", 1)]),
    Case(
      "result: names must differ", [input, node(.unary(.exp), 0)],
      updates: [named("w", 0), named("w", 1)]),
    Case(
      "update: must be a state of its value's type, got state w and float32[]",
      [state, node(.sum(axes: [0]), 0, type: TensorType(.scalar, .float32))],
      updates: [named("w", 1)]),
    Case(
      "update: must be a state of its value's type, got input x and float32[2]",
      [input, node(.unary(.exp), 0)], updates: [named("x", 1)]),
    Case(
      "result: must not be a state that changes, got w", [state, node(.unary(.exp), 0)],
      outputs: [named("old", 0)], updates: [named("w", 1)]),
    Case(
      "result: must not be a state that changes, got w",
      [
        state, node(.slice(axis: 0, start: 1, count: 1), 0, type: TensorType([1], .float32)),
        node(.unary(.exp), 0),
      ],
      outputs: [named("old", 1)], updates: [named("w", 2)]),
    Case(
      "result: must not be a state that changes, got w",
      [state, Node(op: .state("v", type), operands: [], type: type), node(.unary(.exp), 0)],
      updates: [named("w", 2), named("v", 0)]),
  ]

  @Test(arguments: cases)
  func badGraphIsRefused(_ test: Case) {
    do throws(GraphError) {
      _ = try test.graph.verified()
      Issue.record("must be refused:\n\(test.graph)")
    } catch {
      #expect("\(error.op): \(error.reason)" == test.testDescription)
    }
  }

  @Test("A state that is only written, and one that keeps its value, are fine")
  func goodGraphIsAccepted() throws {
    let graph = Graph(
      nodes: [Self.input, Self.state], outputs: [Self.named("kept", 1)],
      updates: [Self.named("new", 0)])
    #expect(try graph.verified() == graph)
    #expect(graph.stateTypes.map(\.name) == ["w", "new"])
  }
}
