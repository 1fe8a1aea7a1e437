import Foundation
import GANData
import GANFormats
import GANTestSupport

extension FuzzTarget {
  /// Data sets in files of their own kinds, and archives.
  static let collections = [
    FuzzTarget(
      "cifar",
      seeds: {
        let record = [UInt8](repeating: 7, count: 3073)
        return [record, record + record, ArchiveForge.gzip(record)]
      },
      read: { input, folder in
        let place = try folder.emptyFolder("cifar")
        _ = folder.file("cifar/test_batch.bin", input)
        use(try ImageDataset.cifar10(in: place, split: .test))
      }),
    FuzzTarget(
      "pickle",
      words: [
        "cnumpy\ndtype\n", "cnumpy\nndarray\n", "cnumpy.core.multiarray\n_reconstruct\n",
        "cnumpy.core.numeric\n_frombuffer\n", "c_codecs\nencode\n", "data", "labels", "u1", "i8",
      ],
      seeds: { PickleForge.batches },
      read: { input, folder in
        let place = try folder.emptyFolder("pickle")
        let path = folder.file("pickle/test_batch", input)
        let values = try Pickle.dictionary(path)
        for value in values.values {
          _ = (value.text, value.integer, value.elements?.count)
          if let array = value.array { precondition(array.floats.count == array.count) }
        }
        use(try ImageDataset.cifar10(in: place, split: .test))
      }),
    FuzzTarget(
      "archive",
      words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "ustar", "../", "SCHILY."],
      seeds: {
        let files: [(name: String, data: [UInt8])] = [
          ("a/1.png", PictureForge.png(.noise(width: 2, height: 2, channels: 1))),
          ("a/b/2.txt", [UInt8]("two".utf8)), ("../out", [1]), ("강아지/3", []),
        ]
        let tar = ArchiveForge.tar(files)
        return [
          ArchiveForge.zip(files), ArchiveForge.zip(files, isDeflated: true), tar,
          ArchiveForge.gzip(tar),
        ]
      },
      read: { input, folder in
        let place = try folder.emptyFolder("outside")
        let inside = try folder.emptyFolder("outside/inside")
        let path = folder.file("x.zip", input)
        _ = Archive.isLikely(at: path)
        defer {
          let beside = try? FileManager.default.contentsOfDirectory(atPath: place)
          precondition(beside == ["inside"], "beside the folder: \(beside ?? [])")
        }
        do {
          try Archive.unpack(path, into: inside)
        } catch let error as FormatError {
          // A name may be too long for the system, or a file's and a folder's at once.
          guard error.kind != .unwritable else { return }
          throw error
        }
      }),
  ]
}

/// Pickles of a batch, as both Pythons write them.
private enum PickleForge {
  static let batches = [batch(bytes: true), batch(bytes: false), tinyValues]

  private static func short(_ text: String) -> [UInt8] {
    [0x55, UInt8(text.utf8.count)] + text.utf8
  }

  /// One image and its label, the array's contents as bytes or as text that encodes them.
  private static func batch(bytes isBytes: Bool) -> [UInt8] {
    func text(_ text: String) -> [UInt8] { [UInt8](text.utf8) }
    let pixels = [UInt8](repeating: 7, count: 3072)
    var pickle: [UInt8] = [0x80, 2] + text("}(")
    pickle += short("labels") + text("](") + [0x4b, 3] + text("e") + short("data")
    pickle += text("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n")
    pickle += [0x4b, 0, 0x85] + short("b") + [0x87, 0x52]
    pickle += text("(") + [0x4b, 1, 0x4b, 1, 0x4d, 0, 12, 0x86]
    pickle += text("cnumpy\ndtype\n") + short("u1") + [0x4b, 0, 0x4b, 1, 0x87, 0x52, 0x71, 1]
    pickle += text("(") + [0x4b, 3] + short("|") + text("NNNJ") + [255, 255, 255, 255]
    pickle += text("J") + [255, 255, 255, 255, 0x4b, 0] + text("tb") + [0x89]
    pickle +=
      isBytes
      ? text("T") + [0, 12, 0, 0] + pixels
      : text("c_codecs\nencode\n") + text("X") + [0, 12, 0, 0] + pixels + [0x8c, 6]
        + text("latin1") + [0x86, 0x52]
    return pickle + text("tbu.")
  }

  /// Every instruction that the array's values do not need.
  private static let tinyValues: [UInt8] = {
    let entries: [[UInt8]] = [
      [0x8c, 1, 0x61, 0x8a, 2, 1, 2, 0x73],
      [0x8c, 1, 0x62, 0x47, 63, 240, 0, 0, 0, 0, 0, 0, 0x73],
      [0x8c, 1, 0x63, 0x5d, 0x94, 0x4b, 1, 0x61, 0x73],
      [0x8c, 1, 0x64, 0x88, 0x89, 0x86, 0x73],
    ]
    return [0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x7d, 0x94] + entries.flatMap { $0 }
      + [0x68, 0, 0x30, 0x2e]
  }()
}
