import Foundation

/// `12.3 MB`, of 10^6 bytes.
func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }

/// `4.2 s`, `3 min 07 s`, `1 h 02 min`.
func durationWords(_ seconds: Double) -> String {
  let whole = Int(seconds.rounded())
  switch seconds {
  case ..<60: return String(format: "%.1f s", seconds)
  case ..<3_600: return String(format: "%d min %02d s", whole / 60, whole % 60)
  default: return String(format: "%d h %02d min", whole / 3_600, whole / 60 % 60)
  }
}

/// `a, b or c`.
func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}
