import GANGraph
package import GANTensor

extension NetworkDescription {
  /// Parameters and buffers before any training.
  ///
  /// Parameter number `p` (counted over the network) is drawn from the stream of step
  /// `firstStep + p`.
  ///
  /// - Parameters:
  ///   - initialization: How weights are drawn.
  ///   - seed: The run's seed.
  ///   - purpose: Which network's numbers to draw.
  ///   - firstSpectralStep: The same for the vectors of power iterations; nil is 2⁴⁰ for a
  ///     discriminator and 0 for a generator.
  /// - Returns: The parameters in order, then the buffers, by name.
  package func initialTensors(
    _ initialization: Initialization = .pytorch, seed: UInt64, purpose: RandomPurpose,
    firstStep: UInt64 = 0, firstSpectralStep: UInt64? = nil
  ) -> [(name: String, tensor: HostTensor)] {
    var tensors: [(name: String, tensor: HostTensor)] = []
    var vectors: [String: [Float]] = [:]
    let firstSpectralStep =
      firstSpectralStep ?? (purpose == .discriminatorInitialisation ? 1 << 40 : 0)
    let blockCount = parameters.count { $0.placeInBlock?.isLast == true }
    for (position, parameter) in parameters.enumerated() {
      let values = initialization.values(
        of: parameter, blockCount: blockCount,
        from: RandomStream(seed: seed, purpose: purpose, step: firstStep + UInt64(position)))
      tensors.append((parameter.name, HostTensor(shape: parameter.shape, values)))
      let stream = RandomStream(
        seed: seed, purpose: .spectralVectors, step: firstSpectralStep + UInt64(position))
      for (buffer, vector) in parameter.firstSpectralVectors(of: values, from: stream) {
        vectors[buffer.name] = vector
      }
    }
    for buffer in buffers {
      let (shape, initial) = (buffer.type.shape, buffer.initial ?? 0)
      let repeated = repeatElement(initial, count: shape.elementCount)
      tensors.append(
        (
          buffer.name,
          buffer.type.elementType == .int64
            ? HostTensor(shape: shape, repeated.map { Int64($0) })
            : HostTensor(shape: shape, vectors[buffer.name] ?? repeated.map { Float($0) })
        ))
    }
    return tensors
  }
}

extension NetworkDescription.Parameter {
  /// The vectors after 15 power iterations from random ones, as PyTorch starts.
  ///
  /// - Parameters:
  ///   - values: The parameter's.
  ///   - stream: Of normals: those of u, then those of v.
  fileprivate func firstSpectralVectors(
    of values: [Float], from stream: RandomStream
  ) -> [(NetworkDescription.Buffer, [Float])] {
    guard let axis = spectralAxis else { return [] }
    let rows = shape[axis]
    let columns = shape.elementCount / rows
    let matrix = rowsFirst(values, axis: axis).map(Double.init)
    var u = normalised((0..<rows).map { Double(stream.normal(at: $0)) })
    var v = normalised((0..<columns).map { Double(stream.normal(at: rows + $0)) })
    for _ in 0..<15 {
      u = normalised(
        (0..<rows).map { row in
          (0..<columns).reduce(0) { $0 + matrix[row * columns + $1] * v[$1] }
        })
      var next = [Double](repeating: 0, count: columns)
      for row in 0..<rows {
        for column in 0..<columns { next[column] += matrix[row * columns + column] * u[row] }
      }
      v = normalised(next)
    }
    return Array(zip(spectralVectors, [u.map { Float($0) }, v.map { Float($0) }]))
  }

  /// The weight as a matrix whose rows are the outputs.
  private func rowsFirst(_ values: [Float], axis: Int) -> [Float] {
    guard axis != 0 else { return values }
    let rest = shape.elementCount / (shape[0] * shape[1])
    var rows: [Float] = []
    rows.reserveCapacity(values.count)
    for output in 0..<shape[1] {
      for input in 0..<shape[0] {
        let start = (input * shape[1] + output) * rest
        rows += values[start..<start + rest]
      }
    }
    return rows
  }

  private func normalised(_ vector: [Double]) -> [Double] {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / max(norm, 1e-12) }
  }
}
