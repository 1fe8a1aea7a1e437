package import GANTensor

extension NetworkDescription {
  /// Initial parameters as PyTorch's `nn.Linear` draws them: weights and biases uniform within
  /// `±1/√(fan-in)`.
  ///
  /// Parameter number `p` (counted over the network) is drawn from the stream of step `p`:
  /// `(2u - 1) · bound` in single precision.
  ///
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - purpose: Which network's numbers to draw.
  /// - Returns: The parameters in order, by name.
  package func initialParameters(
    seed: UInt64, purpose: RandomPurpose
  ) -> [(name: String, tensor: HostTensor)] {
    parameters.enumerated().map { position, parameter in
      let stream = RandomStream(seed: seed, purpose: purpose, step: UInt64(position))
      let bound = Float(1 / Double(parameter.fanIn).squareRoot())
      let values = (0..<parameter.shape.elementCount).map {
        (2 * stream.uniform(at: $0) - 1) * bound
      }
      return (parameter.name, HostTensor(shape: parameter.shape, values))
    }
  }
}
