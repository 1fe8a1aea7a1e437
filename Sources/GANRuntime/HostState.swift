package import GANGraph
package import GANTensor

/// State in this machine's memory, packed as its element types have it.
package final class HostState: StateStore {
  package let types: [(name: String, type: TensorType)]
  private let offsets: [String: (byteOffset: Int, type: TensorType)]
  private let memory: AlignedMemory

  /// Makes room for tensors, all zeros; a name that comes twice must have one type.
  ///
  /// - Throws: `RuntimeError.mismatch` where it has two; `.tooLarge` where there is no memory for
  ///   the tensors and for one copy of them, as a checkpoint needs.
  package init(_ types: [(name: String, type: TensorType)]) throws(RuntimeError) {
    var offsets: [String: (byteOffset: Int, type: TensorType)] = [:]
    var distinct: [(name: String, type: TensorType)] = []
    var end = 0
    for (name, type) in types {
      if let known = offsets[name] {
        guard known.type == type else {
          throw .mismatch(name: name, expected: "\(known.type)", got: "\(type)")
        }
        continue
      }
      offsets[name] = (end, type)
      distinct.append((name, type))
      end += (type.byteCount + 63) / 64 * 64
    }
    self.types = distinct
    self.offsets = offsets
    try SystemMemory.require(2 * end, for: "parameters, moments and a copy to save")
    memory = AlignedMemory(byteCount: end)
  }

  /// A state that a device which keeps its states here has made.
  static func of(_ state: any StateStore) -> HostState {
    guard let state = state as? HostState else {
      preconditionFailure("a state is used on the device that made it, not \(type(of: state))")
    }
    return state
  }

  package var byteCount: Int { memory.bytes.count }

  package func tensor(_ name: String) throws(RuntimeError) -> HostTensor {
    let (pointer, type) = try place(of: name)
    let bytes = UnsafeRawBufferPointer(start: pointer, count: type.byteCount)
    return HostTensor(shape: type.shape, elementType: type.elementType, bytes: Array(bytes))
  }

  package func write(_ tensor: HostTensor, to name: String) throws(RuntimeError) {
    let (pointer, type) = try place(of: name)
    guard type == TensorType(tensor.shape, tensor.elementType) else {
      throw .mismatch(
        name: name, expected: "\(type)", got: "\(TensorType(tensor.shape, tensor.elementType))")
    }
    tensor.bytes.withUnsafeBytes { pointer.copyMemory(from: $0) }
  }

  /// The place of a tensor.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  func place(
    of name: String
  ) throws(RuntimeError) -> (pointer: UnsafeMutableRawPointer, type: TensorType) {
    guard let (byteOffset, type) = offsets[name] else {
      throw .unknown(name: name, among: types.map(\.name))
    }
    return (memory.pointer(at: byteOffset), type)
  }
}

extension UnsafeMutableRawPointer {
  func copyMemory(from source: UnsafeRawBufferPointer) {
    if let start = source.baseAddress { copyMemory(from: start, byteCount: source.count) }
  }
}
