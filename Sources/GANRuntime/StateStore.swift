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
