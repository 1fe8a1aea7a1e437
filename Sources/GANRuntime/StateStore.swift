package import GANGraph
package import GANTensor

/// The tensors that live from run to run: parameters, moments, buffers and counters by name.
///
/// Its identity is its memory, which every executable prepared with it reads and overwrites; it
/// belongs to the thread that runs them.
package protocol StateStore: AnyObject {
  /// Every tensor's name and type, in order.
  var types: [(name: String, type: TensorType)] { get }

  /// Bytes it occupies.
  var byteCount: Int { get }

  /// Copies a tensor out.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  func tensor(_ name: String) throws(RuntimeError) -> HostTensor

  /// Copies a tensor in.
  ///
  /// - Throws: `RuntimeError` where there is none by that name, or it has another type.
  func write(_ tensor: HostTensor, to name: String) throws(RuntimeError)
}

extension StateStore {
  /// Copies every tensor out, in order.
  package func tensors() throws(RuntimeError) -> [(name: String, tensor: HostTensor)] {
    var copies: [(name: String, tensor: HostTensor)] = []
    for (name, _) in types { copies.append((name, try tensor(name))) }
    return copies
  }

  /// Replaces every tensor.
  ///
  /// - Throws: `RuntimeError` where one is missing or has another type; nothing is replaced then.
  package func restore(_ tensors: [String: HostTensor]) throws(RuntimeError) {
    for (name, type) in types {
      guard let tensor = tensors[name] else {
        throw .unknown(name: name, among: tensors.keys.sorted())
      }
      let got = TensorType(tensor.shape, tensor.elementType)
      guard got == type else {
        throw .mismatch(name: name, expected: "\(type)", got: "\(got)")
      }
    }
    for (name, _) in types {
      if let tensor = tensors[name] { try write(tensor, to: name) }
    }
  }
}
