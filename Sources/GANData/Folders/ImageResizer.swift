/// Resizes pictures of one size, one after another, in memory that it keeps.
struct ImageResizer {
  private let rows, columns: ResamplingAxis
  private let channels: Int
  /// One row of a picture, and the same resized.
  private var line, narrow: [Float]
  /// The last picture resized, row after row, channels side by side, not yet rounded.
  private(set) var sums: [Float]

  /// Prepares for pictures of `rows.sourceCount` rows and `columns.sourceCount` columns.
  init(rows: ResamplingAxis, columns: ResamplingAxis, channels: Int) {
    (self.rows, self.columns, self.channels) = (rows, columns, channels)
    line = [Float](repeating: 0, count: columns.sourceCount * channels)
    narrow = [Float](repeating: 0, count: columns.count * channels)
    sums = [Float](repeating: 0, count: rows.count * narrow.count)
  }

  /// Resizes a picture into `sums`.
  ///
  /// Each row is resized as it comes and added to the images' rows that it has part in.
  ///
  /// - Parameter read: Writes the row of a number, channels side by side, into a line.
  mutating func resize(_ read: (Int, inout [Float]) -> Void) {
    for index in sums.indices { sums[index] = 0 }
    var first = 0
    for row in 0..<rows.sourceCount {
      while first < rows.count, rows.starts[first] + rows.weights[first].count <= row { first += 1 }
      guard first < rows.count else { break }
      read(row, &line)
      narrowLine()
      var target = first
      while target < rows.count, rows.starts[target] <= row {
        let tap = row - rows.starts[target]
        if tap < rows.weights[target].count {
          addLine(times: rows.weights[target][tap], toRow: target)
        }
        target += 1
      }
    }
  }

  private mutating func narrowLine() {
    for column in 0..<columns.count {
      let start = columns.starts[column] * channels
      for channel in 0..<channels {
        var sum: Float = 0
        var place = start + channel
        for weight in columns.weights[column] {
          sum += weight * line[place]
          place += channels
        }
        narrow[column * channels + channel] = sum
      }
    }
  }

  private mutating func addLine(times weight: Float, toRow row: Int) {
    let offset = row * narrow.count
    for index in narrow.indices { sums[offset + index] += weight * narrow[index] }
  }
}
