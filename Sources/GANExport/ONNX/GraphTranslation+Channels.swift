import GANGraph
import GANTensor

extension GraphTranslation {
  /// `scale · base + shift`, where both have a number for each channel (axis 1), or one for all.
  struct Channelwise {
    let base: NodeID
    /// The base, where it is a product that can do the rest on the way.
    let product: Product?
    var scale: [Double] = [1]
    var shift: [Double] = [0]
    /// The state that the first number came from.
    var state: String?
  }

  /// The form of a node that adds or multiplies by numbers of each channel, as far back as it goes;
  /// of a product with weights the empty chain; else nil.
  func channelwise(_ id: NodeID) throws(ExportError) -> Channelwise? {
    if let product = product(id) { return Channelwise(base: id, product: product) }
    let node = graph[id]
    guard case .binary(let function) = node.op, node.type.elementType == .float32,
      let side = node.operands.firstIndex(where: { !shared.contains($0) }),
      shared.contains(node.operands[1 - side])
    else { return nil }
    let operand = node.operands[side]
    let other = try spread(node.operands[1 - side])
    guard other.shape.indices.allSatisfy({ $0 == 1 || other.shape[$0] == 1 }) else { return nil }
    let values = other.tensor.floats.map(Double.init)

    let chainBefore = hasOneReader(operand) ? try channelwise(operand) : nil
    // Weights of several groups have no axis of all channels that they give.
    let previous = chainBefore?.product?.isGroupedTransposition == true ? nil : chainBefore
    var chain = previous ?? Channelwise(base: operand, product: nil)
    chain.state = chain.state ?? other.state
    switch function {
    case .add:
      chain.shift = combined(chain.shift, values, +)
    case .subtract where side == 0:
      chain.shift = combined(chain.shift, values, -)
    case .subtract:
      chain.scale = chain.scale.map(-)
      chain.shift = combined(values, chain.shift, -)
    case .multiply:
      chain.scale = combined(chain.scale, values, *)
      chain.shift = combined(chain.shift, values, *)
    case .divide where side == 0:
      chain.scale = combined(chain.scale, values, /)
      chain.shift = combined(chain.shift, values, /)
    case .divide, .maximum:
      return nil
    }
    return chain
  }

  private func combined(
    _ a: [Double], _ b: [Double], _ operation: (Double, Double) -> Double
  ) -> [Double] {
    (0..<max(a.count, b.count)).map {
      operation(a[a.count == 1 ? 0 : $0], b[b.count == 1 ? 0 : $0])
    }
  }

  /// Writes a chain, as part of the product it begins with if it does.
  mutating func joined(_ chain: Channelwise, as shape: Shape) throws(ExportError) -> Operand {
    if let product = chain.product {
      return Operand(name: try write(product, chain), shape: shape.dimensions)
    }
    let layer = chain.state.map { self.name(ofState: $0).split(separator: ".").dropLast() }
    let stem = layer.map { $0.joined(separator: ".") }
    let base = try operand(chain.base)
    var (name, stored) = (base.name, base.shape)
    if chain.scale.contains(where: { $0 != 1 }) {
      let scale = constant(chain.scale, along: shape, named: stem.map { "\($0).scale" })
      name = append("Mul", [name, scale])
    }
    if chain.shift.contains(where: { $0 != 0 }) {
      let shift = constant(chain.shift, along: shape, named: stem.map { "\($0).shift" })
      name = append("Add", [name, shift])
    }
    if max(chain.scale.count, chain.shift.count) > 1 { stored[1] = shape[1] }
    return Operand(name: name, shape: stored)
  }

  private mutating func constant(
    _ values: [Double], along shape: Shape, named name: String?
  ) -> String {
    let extents = shape.dimensions.indices.map { $0 == 1 ? values.count : 1 }
    return constant(values.map { Float($0) }, extents, named: name)
  }

  // MARK: Products

  /// A product of a batch with weights.
  struct Product {
    let input: NodeID
    let weight: NodeID
    /// The axis of the weight that becomes channels of the result.
    let outputAxis: Int
    let kind: Kind

    enum Kind {
      case matrix(transposed: Bool)
      case convolution(Convolution)
      /// To so many rows and columns.
      case transposedConvolution(Convolution, height: Int, width: Int)
    }

    /// True of a transposed convolution of several groups.
    var isGroupedTransposition: Bool {
      if case .transposedConvolution(let convolution, _, _) = kind {
        convolution.groups > 1
      } else {
        false
      }
    }
  }

  /// A node as such a product; nil if it is something else.
  func product(_ id: NodeID) -> Product? {
    let node = graph[id]
    guard node.operands.count == 2, !shared.contains(node.operands[0]),
      shared.contains(node.operands[1])
    else { return nil }
    let kind: Product.Kind
    let outputAxis: Int
    switch node.op {
    case .matmul(transposingLHS: false, let transposed):
      (kind, outputAxis) = (.matrix(transposed: transposed), transposed ? 0 : 1)
    case .convolution(let convolution):
      (kind, outputAxis) = (.convolution(convolution), 0)
    case .convolutionInputGradient(let convolution, let height, let width):
      kind = .transposedConvolution(convolution, height: height, width: width)
      outputAxis = 1
    case .input, .data, .state, .constant, .random, .unary, .binary, .compare, .select, .convert,
      .matmul, .convolutionWeightGradient, .sum, .broadcast, .reshape, .permute, .concatenate,
      .slice, .pad, .gatherRows, .scatterAddRows, .allReduce:
      return nil
    }
    return Product(
      input: node.operands[0], weight: node.operands[1], outputAxis: outputAxis, kind: kind)
  }

  /// Writes a product whose weights and bias do what the chain says.
  private mutating func write(
    _ product: Product, _ chain: Channelwise
  ) throws(ExportError) -> String {
    let input = try whole(product.input)
    let spread = try spread(product.weight)
    let name = spread.state.map { self.name(ofState: $0) }
    var weight = spread.tensor.repeated(
      spread.shape, to: graph[product.weight].type.shape)
    if chain.scale != [1] {
      weight = weight.scaled(by: chain.scale, along: product.outputAxis)
    }
    var attributes: [ONNXModel.Attribute]
    let operation: String
    switch product.kind {
    case .matrix(let transposed):
      operation = "Gemm"
      attributes = [ONNXModel.Attribute("transB", .integer(transposed ? 1 : 0))]
    case .convolution(let convolution):
      operation = "Conv"
      attributes = windows(of: weight.shape, convolution, pads: [convolution.padding])
    case .transposedConvolution(let convolution, let height, let width):
      operation = "ConvTranspose"
      let images = graph[product.input].type.shape
      // How much less is cut off below and to the right than above and to the left.
      let excess = [(2, height), (3, width)].map { axis, extent in
        let least = convolution.stride * (images[axis] - 1) + weight.shape[axis]
        return extent - (least - 2 * convolution.padding)
      }
      // Where nothing is left to cut off, windows grow by zeros.
      weight = weight.padded(
        rows: max(0, excess[0] - convolution.padding),
        columns: max(0, excess[1] - convolution.padding))
      attributes = windows(
        of: weight.shape, convolution,
        pads: [
          convolution.padding, convolution.padding, max(0, convolution.padding - excess[0]),
          max(0, convolution.padding - excess[1]),
        ])
    }
    var inputs = [input, constant(weight.floats, weight.shape.dimensions, named: name)]
    if chain.shift.contains(where: { $0 != 0 }) {
      let count = weight.shape[product.outputAxis]
      let bias =
        chain.shift.count == count
        ? chain.shift : [Double](repeating: chain.shift[0], count: count)
      let stem = name.map { $0.hasSuffix(".weight") ? String($0.dropLast(7)) : $0 }
      inputs.append(
        constant(bias.map { Float($0) }, [count], named: stem.map { "\($0).bias" }))
    }
    return append(operation, inputs, attributes)
  }

  private func windows(
    of weight: Shape, _ convolution: Convolution, pads: [Int]
  ) -> [ONNXModel.Attribute] {
    [
      ONNXModel.Attribute("dilations", .integers([1, 1])),
      ONNXModel.Attribute("group", .integer(convolution.groups)),
      ONNXModel.Attribute("kernel_shape", .integers([weight[2], weight[3]])),
      ONNXModel.Attribute(
        "pads", .integers(pads.count == 1 ? [Int](repeating: pads[0], count: 4) : pads)),
      ONNXModel.Attribute("strides", .integers([convolution.stride, convolution.stride])),
    ]
  }
}

extension HostTensor {
  /// Elements that lie in these extents, repeated along those of 1 to fill a shape.
  fileprivate func repeated(_ extents: [Int], to shape: Shape) -> HostTensor {
    guard extents != shape.dimensions else { return self }
    let values = floats
    let all = (0..<shape.elementCount).map { element -> Float in
      var (rest, place, stride) = (element, 0, 1)
      for axis in shape.dimensions.indices.reversed() {
        if extents[axis] > 1 { place += rest % shape[axis] * stride }
        stride *= extents[axis]
        rest /= shape[axis]
      }
      return values[place]
    }
    return HostTensor(shape: shape, all)
  }

  /// Every slice of an axis times its number, or all times one; rounded once.
  fileprivate func scaled(by scale: [Double], along axis: Int) -> HostTensor {
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    let values = floats.enumerated().map { index, value in
      Float(Double(value) * scale[scale.count == 1 ? 0 : index / inner % shape[axis]])
    }
    return HostTensor(shape: shape, values)
  }

  /// Windows `[K, C, kH, kW]` with zeros below and to the right.
  fileprivate func padded(rows: Int, columns: Int) -> HostTensor {
    guard rows + columns > 0 else { return self }
    let (height, width) = (shape[2], shape[3])
    let target: Shape = [shape[0], shape[1], height + rows, width + columns]
    let source = floats
    var values = [Float](repeating: 0, count: target.elementCount)
    for line in 0..<shape[0] * shape[1] * height {
      let start = (line / height * target[2] + line % height) * target[3]
      for column in 0..<width { values[start + column] = source[line * width + column] }
    }
    return HostTensor(shape: target, values)
  }
}
