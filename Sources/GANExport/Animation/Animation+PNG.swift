import GANFormats

// Animated PNG.
//
// Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C, 2025, sections 5 and
// 11.3.6.
extension Animation {
  /// The bytes of an animated PNG, made of what libpng makes of each frame.
  func animatedPNG() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var sequence = 0
    func append(_ type: String, _ contents: [UInt8]) { bytes += PNG.chunk(type, contents) }
    func number() -> [UInt8] {
      var number: [UInt8] = []
      number.append(bigEndian: sequence, bytes: 4)
      sequence += 1
      return number
    }
    for (index, frame) in frames.enumerated() {
      let png = try PNG.encoded(frame)
      let chunks = Self.chunks(of: png)
      if index == 0 {
        bytes += png.prefix(Self.signatureLength)
        for chunk in chunks where chunk.type == "IHDR" { append(chunk.type, chunk.contents) }
        var control: [UInt8] = []
        control.append(bigEndian: frames.count, bytes: 4)
        append("acTL", control + [0, 0, 0, 0])
      }
      var control = number()
      for extent in [frame.width, frame.height, 0, 0] {
        control.append(bigEndian: extent, bytes: 4)
      }
      for part in [duration(ofFrame: index, unitsPerSecond: 1_000), 1_000] {
        control.append(bigEndian: part, bytes: 2)
      }
      append("fcTL", control + [0, 0])
      for chunk in chunks where chunk.type == "IDAT" {
        if index == 0 {
          append("IDAT", chunk.contents)
        } else {
          append("fdAT", number() + chunk.contents)
        }
      }
    }
    append("IEND", [])
    return bytes
  }

  private static let signatureLength = 8

  private static func chunks(of png: [UInt8]) -> [(type: String, contents: [UInt8])] {
    var chunks: [(type: String, contents: [UInt8])] = []
    var place = signatureLength
    while place + 12 <= png.count {
      let count = png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: png[place + 4..<place + 8], as: UTF8.self)
      chunks.append((type, Array(png[place + 8..<place + 8 + count])))
      place += count + 12
    }
    return chunks
  }
}
