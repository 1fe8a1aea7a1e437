package import GANGraph
import GANRuntime
package import GANTensor

/// A function of some tensors, differentiable around its points, and what it is called in a failure.
package struct GradientCase: Sendable, CustomStringConvertible {
  /// Where an element of an argument may lie; kinks and poles stay at least `10 h` away.
  package enum Domain: Sendable {
    case anywhere
    /// 0.1 to 2, either sign: away from a kink or a pole at 0.
    case awayFromZero
    case positive
    /// Away from the first argument, element by element, by 0.1 to 1.
    case awayFromFirst
  }

  package let description: String
  package let arguments: [(shape: Shape, domain: Domain)]
  package let function: @Sendable ([Tensor]) -> Tensor

  package init(
    _ name: String, _ shapes: [Shape], _ domains: [Domain] = [],
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    description = "\(name) of " + shapes.map(\.description).joined(separator: ", ")
    arguments = shapes.enumerated().map { position, shape in
      (shape, position < domains.count ? domains[position] : .anywhere)
    }
    self.function = function
  }

  /// Values for every argument.
  package func point(_ random: inout SplitMix) -> [[Double]] {
    var point: [[Double]] = []
    for (shape, domain) in arguments {
      let values: [Double]
      let sizes = random.reals(shape.elementCount, in: 0.1...2)
      switch domain {
      case .anywhere: values = random.reals(shape.elementCount, in: -2...2)
      case .positive: values = sizes
      case .awayFromZero: values = sizes.map { random.oneIn(2) ? $0 : -$0 }
      case .awayFromFirst:
        values = zip(point[0], sizes).map { random.oneIn(2) ? $0 + $1 / 2 : $0 - $1 / 2 }
      }
      point.append(values)
    }
    return point
  }

  /// A graph whose output `value` is a scalar made of this function, and `gradient0`, … that scalar's
  /// gradients.
  ///
  /// At order 1 the scalar is `Σ c (y + y² / 2)`, whose second derivative is not 0 even where the
  /// function is linear; at order 2 it is the inner product of order 1's gradients with `v0`, …
  package func graph(order: Int) throws -> Graph {
    let builder = GraphBuilder()
    let x = arguments.enumerated().map { builder.input("x\($0)", $1.shape) }
    let y = function(x)
    var value = (builder.input("c", y.shape) * (y + 0.5 * (y * y))).sum()
    for _ in 1..<order {
      let gradients = value.gradients(withRespectTo: x)
      let products = gradients.enumerated().map { position, gradient in
        (gradient * builder.input("v\(position)", gradient.shape)).sum()
      }
      value = products.dropFirst().reduce(products[0], +)
    }
    builder.output(value, as: "value")
    for (position, gradient) in value.gradients(withRespectTo: x).enumerated() {
      builder.output(gradient, as: "gradient\(position)")
    }
    return try builder.finish()
  }

  /// How far the gradients are from central differences, relative to the gradients' norm, along a
  /// random unit direction at a random point.
  package func mismatch(order: Int, seed: UInt64) throws -> Double {
    let graph = try graph(order: order)
    var random = SplitMix(seed: seed)
    let x = point(&random)
    var inputs: [String: ReferenceTensor] = [:]
    for case .input(let name, let type) in graph.nodes.map(\.op) {
      inputs[name] = ReferenceTensor(
        type.shape, random.reals(type.shape.elementCount, in: -1...1))
    }
    let directions = x.map { random.reals($0.count, in: -1...1) }
    let norm = dot(directions, directions).squareRoot()
    let u = directions.map { $0.map { $0 / norm } }
    func run(at distance: Double) throws -> [String: ReferenceTensor] {
      for (position, argument) in arguments.enumerated() {
        inputs["x\(position)"] = ReferenceTensor(
          argument.shape, zip(x[position], u[position]).map { $0 + distance * $1 })
      }
      return try ReferenceBackend().run(graph, inputs: inputs).outputs
    }
    func value(at distance: Double) throws -> Double {
      // What is missing agrees with nothing.
      try run(at: distance)["value"]?.reals[0] ?? .nan
    }
    let h = 1e-5
    let difference = (try value(at: h) - value(at: -h)) / (2 * h)
    let outputs = try run(at: 0)
    let gradients = arguments.indices.map { outputs["gradient\($0)"]?.reals ?? [.nan] }
    // Below the floor a difference of values near 1 is rounding divided by h.
    let scale = max(dot(gradients, gradients).squareRoot(), 1e-3)
    return abs(dot(gradients, u) - difference) / scale
  }
}

/// The inner product of two lists of tensors.
private func dot(_ a: [[Double]], _ b: [[Double]]) -> Double {
  zip(a, b).reduce(0) { sum, pair in zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 } }
}
