/// Points of the plane as text that an address can hold: two letters of 64 for each coordinate.
package enum PlayPoints {
  /// The coordinates that text can hold, along both axes.
  package static let range = -1.5...1.5
  /// Points that a world may be drawn with.
  package static let limit = 1_000

  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
  private static let largest = 4_095.0

  /// Reads points.
  ///
  /// - Throws: `SettingsError` for other letters, and for none or more than `limit` points.
  package static func read(_ text: String) throws(SettingsError) -> [SIMD2<Double>] {
    let digits = text.utf8.map { letters.firstIndex(of: $0) }
    guard !digits.isEmpty, digits.count.isMultiple(of: 4), !digits.contains(nil) else {
      throw SettingsError("draw some points, or give a table of two columns")
    }
    guard digits.count <= 4 * limit else {
      throw SettingsError("a world is drawn with at most \(limit) points")
    }
    let known = digits.compactMap { $0 }
    func coordinate(_ place: Int) -> Double {
      let share = Double(known[place] * 64 + known[place + 1]) / largest
      return range.lowerBound + share * (range.upperBound - range.lowerBound)
    }
    return stride(from: 0, to: known.count, by: 4).map {
      SIMD2(coordinate($0), coordinate($0 + 2))
    }
  }

  /// Writes points, each within half a unit of the last place; those beyond the range on its edge.
  package static func write(_ points: [SIMD2<Double>]) -> String {
    let codes = points.flatMap { [$0.x, $0.y] }.flatMap { coordinate -> [UInt8] in
      let share = (coordinate - range.lowerBound) / (range.upperBound - range.lowerBound)
      let code = Int((min(max(share, 0), 1) * largest).rounded())
      return [letters[code / 64], letters[code % 64]]
    }
    return String(decoding: codes, as: UTF8.self)
  }
}
