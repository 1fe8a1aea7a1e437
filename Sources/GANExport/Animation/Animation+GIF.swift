import GANFormats

// GIF89a.
//
// Source: CompuServe, "Graphics Interchange Format, Version 89a", 1990.
extension Animation {
  /// The bytes of a GIF.
  var gif: [UInt8] {
    let palette = GIFPalette(of: frames)
    var bytes = [UInt8]("GIF89a".utf8)
    bytes.append(frames[0].width, bytes: 2)
    bytes.append(frames[0].height, bytes: 2)
    // A table of 256 colours for all frames, of 8 bits; no background.
    bytes += [0xF7, 0, 0] + palette.table
    // Again and again.
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    for (index, frame) in frames.enumerated() {
      bytes += [0x21, 0xF9, 4, 0x04]
      bytes.append(duration(ofFrame: index, unitsPerSecond: 100), bytes: 2)
      bytes += [0, 0, 0x2C, 0, 0, 0, 0]
      bytes.append(frame.width, bytes: 2)
      bytes.append(frame.height, bytes: 2)
      bytes += [0, 8]
      let codes = LZWCodes(palette.indices(of: frame)).bytes
      for start in stride(from: 0, to: codes.count, by: 255) {
        let block = codes[start..<min(start + 255, codes.count)]
        bytes += [UInt8(block.count)] + block
      }
      bytes.append(0)
    }
    return bytes + [0x3B]
  }
}

/// At most 256 colours for some pictures: their own where they have no more, else six levels of red
/// and blue and seven of green, each pixel the nearest.
private struct GIFPalette {
  /// 256 times red, green, blue.
  private(set) var table: [UInt8] = []
  private var places: [UInt32: UInt8]? = [:]
  private let isGray: Bool

  init(of frames: [PixelImage]) {
    isGray = frames[0].channels == 1
    if isGray {
      for level in UInt8.min...UInt8.max { table += [level, level, level] }
      return
    }
    collect: for frame in frames {
      for pixel in stride(from: 0, to: frame.pixels.count, by: 3) {
        let colour = Self.colour(frame.pixels, at: pixel)
        guard places?[colour] == nil else { continue }
        guard table.count < 3 * 256 else {
          places = nil
          break collect
        }
        places?[colour] = UInt8(table.count / 3)
        table += frame.pixels[pixel..<pixel + 3]
      }
    }
    if places == nil {
      table = []
      for index in 0..<6 * 7 * 6 {
        let (red, green, blue) = (index / 42, index / 6 % 7, index % 6)
        table += [UInt8(red * 51), UInt8(green * 255 / 6), UInt8(blue * 51)]
      }
    }
    table += [UInt8](repeating: 0, count: 3 * 256 - table.count)
  }

  private static func colour(_ pixels: [UInt8], at place: Int) -> UInt32 {
    UInt32(pixels[place]) << 16 | UInt32(pixels[place + 1]) << 8 | UInt32(pixels[place + 2])
  }

  /// The colour of each pixel, by its place in the table.
  func indices(of frame: PixelImage) -> [UInt8] {
    guard !isGray else { return frame.pixels }
    return stride(from: 0, to: frame.pixels.count, by: 3).map { pixel in
      if let places { return places[Self.colour(frame.pixels, at: pixel)] ?? 0 }
      let levels = zip(frame.pixels[pixel..<pixel + 3], [5, 6, 5]).map { sample, most in
        (Int(sample) * most + 127) / 255
      }
      return UInt8(levels[0] * 42 + levels[1] * 6 + levels[2])
    }
  }
}

/// Bytes compressed by the algorithm of Lempel, Ziv and Welch as GIF has it: codes of 9 to 12 bits,
/// the lowest bit first.
private struct LZWCodes {
  private(set) var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var pendingCount: UInt32 = 0
  private var width: UInt32 = 9

  private static let clear: UInt32 = 256
  private static let end: UInt32 = 257
  private static let limit: UInt32 = 4_096

  init(_ values: [UInt8]) {
    // The code of what a code and the value after it make together; 0 where there is none yet.
    var table = [UInt16](repeating: 0, count: Int(Self.limit) << 8)
    var next = Self.end + 1
    write(Self.clear)
    var current = UInt32(values[0])
    for value in values.dropFirst() {
      let place = Int(current) << 8 | Int(value)
      if table[place] != 0 {
        current = UInt32(table[place])
        continue
      }
      write(current)
      if next == Self.limit {
        write(Self.clear)
        for index in table.indices { table[index] = 0 }
        (next, width) = (Self.end + 1, 9)
      } else {
        table[place] = UInt16(next)
        // A reader knows a code one step later than its writer.
        if next == 1 << width { width += 1 }
        next += 1
      }
      current = UInt32(value)
    }
    write(current)
    write(Self.end)
    if pendingCount > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
  }

  private mutating func write(_ code: UInt32) {
    pending |= code << pendingCount
    pendingCount += width
    while pendingCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }
}
