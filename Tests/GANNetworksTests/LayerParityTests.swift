import GANGraph
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport
import Testing

@Suite(
  "Layers are PyTorch's",
  .enabled(if: PyTorchLayers.missing == nil, "\(PyTorchLayers.missing ?? "")"))
struct LayerParityTests {
  static let kinds = Set(LayerCase.all.map(\.kind)).sorted()

  @Test("PyTorch answers for every case with the very tensors that we compute")
  func names() throws {
    let answers = try PyTorchLayers.answers.get()
    #expect(answers.count == LayerCase.all.count)
    for answered in answers {
      #expect(answered.answer.error == nil, "\(answered.layers.name)")
      let ours = try answered.layers.graph().outputs.map(\.name)
      #expect(Set(ours) == Set(answered.answer.tensors.keys), "\(answered.layers.name)")
    }
  }

  /// How far errors may go, of results and buffers, and of gradients.
  ///
  /// Rounding is 1e-16 or 6e-8, and both sides sum in orders of their own. Gradients cancel: behind
  /// the normalisation of a few values, or of weights, they lose three digits, and are given four. Those
  /// of order two cancel once more, by as many roundings in single precision as in double.
  enum Precision {
    case double, single

    func bound(of what: String) -> Double {
      let isGradient = what == "gradient" || what == "second"
      return switch self {
      case .double: isGradient ? 1e-12 : 1e-14
      case .single: what == "second" ? 6e-4 : isGradient ? 1e-4 : 1e-6
      }
    }
  }

  @Test(
    "In double precision results, buffers and gradients to order 2 are PyTorch's",
    arguments: kinds)
  func reference(kind: String) throws {
    try report(kind, .double) { answered in
      try ReferenceBackend().run(
        answered.layers.graph(), inputs: answered.inputs, state: answered.state.asStates
      ).outputs
    }
  }
}

extension LayerParityTests {
  /// With every pass and fusion.
  @Test(
    "In single precision, optimised, they are PyTorch's, too", arguments: kinds)
  func processor(kind: String) async throws {
    var computed: [String: [String: ReferenceTensor]] = [:]
    for answered in try PyTorchLayers.answers.get() where answered.layers.kind == kind {
      computed[answered.layers.name] = try await CPUEngine.shared.outputs(
        of: answered.layers.graph(), inputs: answered.inputs, state: answered.state.asStates,
        threadCount: 1)
    }
    try report(kind, .single) { computed[$0.layers.name] ?? [:] }
  }

  /// Compares every tensor of a kind's cases with PyTorch's, and prints the greatest errors.
  private func report(
    _ kind: String, _ precision: Precision,
    _ compute: (PyTorchLayers.Answered) throws -> [String: ReferenceTensor]
  ) throws {
    let cases = try PyTorchLayers.answers.get().filter { $0.layers.kind == kind }
    var worst: [String: Double] = [:]
    for answered in cases {
      for (name, error) in errors(of: try compute(answered), from: answered.answer.tensors) {
        let what = String(Self.group(of: name).split(separator: ".").last ?? "")
        #expect(error <= precision.bound(of: what), "\(answered.layers.name): \(name)")
        worst[what] = max(worst[what] ?? 0, error)
      }
    }
    let figures = worst.sorted { $0.key < $1.key }.map { "\($0.key) \(Float($0.value))" }
    print("\(kind), \(cases.count) cases, \(precision): \(figures.joined(separator: ", "))")
  }

  /// `‖ours - PyTorch's‖ / max(‖PyTorch's‖, a thousandth of what all of its group amount to)`: what
  /// is 0 in theory, as the gradient of a bias before a normalisation, is rounding on both sides.
  private func errors(
    of ours: [String: ReferenceTensor], from expected: [String: PyTorchLayers.Numbers]
  ) -> [String: Double] {
    var sizes: [String: Double] = [:]
    for (name, tensor) in expected {
      sizes[Self.group(of: name), default: 0] += squares(tensor.values)
    }
    return Dictionary(
      uniqueKeysWithValues: expected.map { name, tensor in
        guard let got = ours[name], got.shape == tensor.shape else { return (name, .infinity) }
        let values: [Double] =
          switch got.storage {
          case .real(let values): values
          case .integer(let values): values.map(Double.init)
          }
        let difference = squares(zip(values, tensor.values).map { $0 - $1 }).squareRoot()
        let whole = (sizes[Self.group(of: name)] ?? 0).squareRoot()
        let size = max(squares(tensor.values).squareRoot(), 1e-3 * whole)
        return (name, difference == 0 ? 0 : difference.isNaN ? .infinity : difference / size)
      })
  }

  /// What a tensor is one of: `training.0.gradient` of `training.0.gradient.2.weight`.
  private static func group(of name: String) -> String {
    let parts = name.split(separator: ".")
    return parts.prefix(parts.first == "training" ? 3 : 2).joined(separator: ".")
  }

  private func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
}
