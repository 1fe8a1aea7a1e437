import Foundation
import GANExport
import GANFormats

/// A file of pictures that follow each other, by the ending of its name.
struct AnimationFile {
  /// The endings, in words.
  static let endings = ".gif, .webp, .apng or .mp4"

  private enum Kind {
    case own(Animation.Form)
    case video(ffmpeg: String)
  }

  private let path: String
  private let kind: Kind

  /// Names a file; nil where the ending is none of an animation's.
  ///
  /// - Throws: `CommandError` where there is no program that writes it.
  init?(_ path: String) throws(CommandError) {
    self.path = path
    switch (path as NSString).pathExtension.lowercased() {
    case "gif": kind = .own(.gif)
    case "webp": kind = .own(.webp)
    case "apng": kind = .own(.png)
    case "mp4":
      guard let program = installedProgram("ffmpeg") else {
        throw CommandError(
          .unavailable, "\(path): ffmpeg writes .mp4, and there is none on the PATH",
          help: "install ffmpeg, or name a .gif, .webp or .apng")
      }
      kind = .video(ffmpeg: program)
    default: return nil
    }
  }

  /// Writes an animation, whole or not at all.
  func write(_ animation: Animation) throws {
    switch kind {
    case .own(let form): try AtomicFile.write(animation.encoded(as: form), to: path)
    case .video(let ffmpeg): try writeVideo(animation, by: ffmpeg)
    }
  }

  /// Hands raw frames over in a file: a pipe whose reader ends would end us.
  private func writeVideo(_ animation: Animation, by ffmpeg: String) throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "gan-\(UUID().uuidString)")
    try makeFolder(scratch.path())
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (raw, film) = (scratch.appending(path: "frames"), scratch.appending(path: "film.mp4"))
    let first = animation.frames[0]
    try Data(animation.frames.flatMap(\.pixels)).write(to: raw)
    let process = Process()
    process.executableURL = URL(filePath: ffmpeg)
    process.arguments = [
      "-loglevel", "error", "-f", "rawvideo", "-pixel_format",
      first.channels == 1 ? "gray" : "rgb24",
      "-video_size", "\(first.width)x\(first.height)", "-framerate", "\(animation.rate)",
      "-i", raw.path(),
      // Players want even extents and halved colours.
      "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p", "-y", film.path(),
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.start()
    process.waitUntilExit()
    guard process.terminationStatus == 0, let bytes = try? Data(contentsOf: film) else {
      throw CommandError(.failed, "\(path): \(ffmpeg) failed")
    }
    try AtomicFile.write([UInt8](bytes), to: path)
  }
}
