import Foundation
import GANFormats
import GANTraining

/// The events of a run, made of what its folder holds: the lines of `stats.jsonl`, the pictures of
/// `samples/`, the options.
///
/// Each is given out once, in the order in which they come to be; pictures, which are written while
/// training goes on, as soon as they are there.
struct RunEvents {
  private let folder: RunFolder
  private let options: TrainingOptions
  /// Bytes of `stats.jsonl` that have been read.
  private var offset: UInt64 = 0
  private var lastStep = 0
  private var awaited: [AwaitedPicture] = []

  private struct AwaitedPicture {
    let path: String
    let tag: String
    let step: Int
    let time: Double
  }

  /// Begins before the first.
  init(of folder: RunFolder, _ options: TrainingOptions) {
    self.folder = folder
    self.options = options
  }

  // MARK: History

  /// Every event so far, or those that an earlier file of a run that goes on may lack. Times are
  /// those of the steps, counted back from the last line's.
  ///
  /// Who recorded the run up to a checkpoint had recorded every line up to it, and every picture but
  /// those of the last two epochs: they are written while training goes on.
  ///
  /// - Parameter isRecorded: True if an earlier file has the rest.
  mutating func history(isRecorded: Bool) throws -> [TensorBoardEvent] {
    let lines = try newLines()
    let times = times(of: lines)
    let ends = lines.filter { $0.endedEpoch != nil }.map(\.step)
    let lastKept = isRecorded ? ends.dropLast(2).last ?? 0 : 0
    let begin = times.first ?? Date.now.timeIntervalSince1970
    if options.makesImages, lastKept == 0 {
      awaited = [
        AwaitedPicture(
          path: folder.realItems(areImages: true), tag: "real", step: 0, time: begin)
      ]
    }
    // From there on the file replaces what earlier ones have.
    let start = TensorBoardEvent(
      time: begin, step: lastKept == 0 ? 0 : lastKept + 1, content: .start)
    var events = [
      TensorBoardEvent(time: begin, content: .fileVersion), start,
      TensorBoardEvent(time: begin, content: .hyperparameters(hyperparameters)),
    ]
    events += pictures()
    for (line, time) in zip(lines, times) where line.step > lastKept {
      events += [event(of: line, at: time)].compactMap(\.self) + pictures()
    }
    return events
  }

  /// Seconds since 1970 of each line: the file was last changed by the last one, and each process's
  /// lines count from its own first step.
  private func times(of lines: [StatisticsLine]) -> [Double] {
    var total = 0.0
    var previous = 0.0
    let totals = lines.map { line in
      total += line.elapsedSeconds - (line.elapsedSeconds < previous ? 0 : previous)
      previous = line.elapsedSeconds
      return total
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: folder.statistics)
    let end = (attributes?[.modificationDate] as? Date ?? .now).timeIntervalSince1970
    return totals.map { end - (total - $0) }
  }

  private var hyperparameters: [Hyperparameter] {
    OptionKey.all.filter { $0.fits(options) }.compactMap { key in
      let value: Hyperparameter.Value
      switch key.value(in: options) {
      case .null: return nil
      case .flag(let flag): value = .boolean(flag)
      case .whole(let number): value = .number(Double(number))
      case .number(let number): value = .number(number)
      case .text(let text): value = .text(text)
      case .list(let list): value = .text(OptionValue.list(list).description)
      }
      return Hyperparameter(name: key.path, value: value)
    }
  }

  // MARK: What comes

  /// The events of the lines and pictures that have come since the last call.
  mutating func next() throws -> [TensorBoardEvent] {
    let now = Date.now.timeIntervalSince1970
    let lines = try newLines()
    return lines.compactMap { event(of: $0, at: now) } + pictures()
  }

  private mutating func newLines() throws -> [StatisticsLine] {
    guard let file = FileHandle(forReadingAtPath: folder.statistics) else { return [] }
    defer { try? file.close() }
    try file.seek(toOffset: offset)
    let bytes = try file.readToEnd() ?? Data()
    // Beyond the last end of a line there is nothing, or what is being written.
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    offset += UInt64(end - bytes.startIndex + 1)
    return bytes[..<end].split(separator: UInt8(ascii: "\n")).compactMap { StatisticsLine($0) }
  }

  /// A line's numbers; nil where a line of the same step said them.
  private mutating func event(of line: StatisticsLine, at time: Double) -> TensorBoardEvent? {
    if let epoch = line.endedEpoch, options.makesImages {
      awaited.append(
        AwaitedPicture(
          path: folder.fakeItems(epoch: epoch, areImages: true), tag: "samples", step: line.step,
          time: time))
    }
    guard line.step > lastStep else { return nil }
    lastStep = line.step
    return TensorBoardEvent(time: time, step: line.step, content: .scalars(line.scalars))
  }

  /// The pictures that were waited for and are there, in their order.
  private mutating func pictures() -> [TensorBoardEvent] {
    var events: [TensorBoardEvent] = []
    while let first = awaited.first, let event = event(of: first) {
      events.append(event)
      awaited.removeFirst()
    }
    return events
  }

  private func event(of picture: AwaitedPicture) -> TensorBoardEvent? {
    guard let data = FileManager.default.contents(atPath: picture.path), data.count > 26 else {
      return nil
    }
    // The header's first fields: extents, depth, kind of colour.
    let png = [UInt8](data)
    func extent(at place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    return TensorBoardEvent(
      time: picture.time, step: picture.step,
      content: .image(
        tag: picture.tag, png: png, width: extent(at: 16), height: extent(at: 20),
        channels: png[25] == 0 ? 1 : 3))
  }
}
