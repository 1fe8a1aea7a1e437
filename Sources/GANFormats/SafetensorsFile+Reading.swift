import GANTensor

extension SafetensorsFile {
  /// Reads a file, refusing everything the reference refuses.
  ///
  /// Tensors must cover the bytes after the header exactly, without holes or overlaps.
  /// Stricter than the reference: no unknown fields, and booleans are 0 or 1.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is truncated, corrupt, or holds a
  ///   type this program has not.
  /// - Complexity: Memory for the tensors and the header.
  package init(contentsOf path: String) throws(FormatError) {
    let file = try InputFile(path: path)
    let layout = try SafetensorsLayout(of: file)
    self.init(metadata: layout.metadata)
    for place in layout.places {
      let bytes = try file.bytes(upTo: place.bytes.count)
      guard bytes.count == place.bytes.count else {
        throw FormatError(
          path,
          .truncated(
            .safetensors, neededBytes: file.byteCount,
            foundBytes: place.bytes.lowerBound + bytes.count))
      }
      guard place.elementType != .boolean || bytes.allSatisfy({ $0 <= 1 }) else {
        throw FormatError(path, .corrupt(.safetensors, .notBoolean(tensor: place.name)))
      }
      append(
        HostTensor(shape: place.shape, elementType: place.elementType, bytes: bytes),
        named: place.name)
    }
  }
}
