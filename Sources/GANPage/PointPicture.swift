import GANFormats
import GANPlots
import GANServing
import GANTraining

/// Points of a run that learns points, drawn beside the first real ones.
struct PointPicture {
  private let record: RunRecord
  private let path: String

  /// Draws the points of a file in the run's folder; `path` begins with a slash.
  init(_ record: RunRecord, path: String) { (self.record, self.path) = (record, path) }

  func svg() throws -> String {
    let real = try? points(record.folder.path + "/samples/real_points.npy")
    let shown = try points(record.folder.path + path)
    let isReal = path.hasSuffix("real_points.npy")
    let layers: [PlotLayer] =
      (real.map { [.points(Points("data", x: $0.x, y: $0.y, series: 0))] } ?? [])
      + (isReal ? [] : [.points(Points("generated", x: shown.x, y: shown.y, series: 1))])
    return Figure(
      Plot("", hasEqualUnits: true, legend: .outside, layers: layers), width: 560, height: 440
    ).svg()
  }

  /// The first two coordinates.
  private func points(_ path: String) throws -> (x: [Double], y: [Double]) {
    let array: NumericArray
    do {
      array = try Npy.read(path)
    } catch {
      throw Refusal.notFound
    }
    guard array.element == .float32, array.dimensions.count == 2, array.dimensions[1] >= 2 else {
      throw Refusal.notFound
    }
    let values = array.bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count - 3, by: 4).map {
        Double(
          Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))))
      }
    }
    let width = array.dimensions[1]
    let rows = 0..<array.dimensions[0]
    return (rows.map { values[$0 * width] }, rows.map { values[$0 * width + 1] })
  }
}
