import CImageLibraries

/// A gzip member that holds `contents`, made by zlib.
func gzipMember(_ contents: [UInt8]) -> [UInt8] {
  var length = compressBound(UInt(contents.count))
  var zlibStream = [UInt8](repeating: 0, count: Int(length))
  compress(&zlibStream, &length, contents, UInt(contents.count))
  // A zlib stream is deflate data between a header of 2 bytes and a checksum of 4.
  let deflated = zlibStream.prefix(Int(length)).dropFirst(2).dropLast(4)
  let checksum = UInt32(crc32(0, contents, UInt32(contents.count)))
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + deflated
    + littleEndian(checksum) + littleEndian(UInt32(contents.count))
}

func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
}
