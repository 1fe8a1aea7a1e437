import GANData
import GANFormats
import GANTensor

extension FuzzTarget {
  /// Files of numbers.
  static let arrays = [
    FuzzTarget(
      "npy", words: ["'descr': '<f8'", "'fortran_order': True", "'shape': (2, 3), ", "|u1", ">i2"],
      seeds: { ArrayForge.npyFiles },
      read: { input, folder in
        let path = folder.file("x.npy", input)
        let array = try Npy.read(path)
        precondition(array.floats.count == array.count)
        try readItems(path)
      }),
    FuzzTarget(
      "npz", words: ["x_train.npy", "y_train.npy", "x_test.npy", "labels.npy", "PK\u{3}\u{4}"],
      seeds: {
        let (images, labels) = (ArrayForge.npyFiles[0], ArrayForge.npyFiles[1])
        return [
          ArchiveForge.zip([("x_train.npy", images), ("y_train.npy", labels)]),
          ArchiveForge.zip([("arr_0.npy", images)], isDeflated: true),
          ArchiveForge.zip([
            ("train_images.npy", images), ("train_labels.npy", labels), ("test_images.npy", images),
            ("note.txt", [UInt8]("note".utf8)),
          ]),
        ]
      },
      read: { input, folder in
        let path = folder.file("x.npz", input)
        try readItems(path, .test)
        try readItems(path)
      }),
    FuzzTarget(
      "idx",
      seeds: {
        ArrayForge.idxPairs.map { images, labels in
          [UInt8(images.count & 255), UInt8(images.count >> 8)] + images + labels
        }
      },
      // Images and their classes; two bytes say how many are the images'.
      read: { input, folder in
        guard input.count > 2 else { return }
        let (body, count) = (input.dropFirst(2), Int(input[0]) | Int(input[1]) << 8)
        let place = try folder.emptyFolder("idx")
        _ = folder.file("idx/train-images-idx3-ubyte", body.prefix(count))
        if body.count > count {
          _ = folder.file("idx/train-labels-idx1-ubyte", body.dropFirst(count))
        }
        use(try ImageDataset.mnist(in: place))
      }),
    FuzzTarget(
      "gzip",
      seeds: {
        let text = [UInt8]("gan ".utf8)
        let long = (0..<3000).flatMap { _ in text }
        return [
          ArchiveForge.gzip(text), ArchiveForge.gzip(long), ArchiveForge.gzip([]),
          ArchiveForge.gzip(text) + [0, 0, 0] + ArchiveForge.gzip(text), text,
        ]
      },
      read: { input, folder in
        var reader = try ByteReader(path: folder.file("x.gz", input))
        let bound = reader.maximumByteCount
        var total = 0
        while true {
          let piece = try reader.bytes(upTo: 10_007)
          if piece.isEmpty { break }
          total += piece.count
        }
        precondition(total <= bound, "\(total) bytes, bounded by \(bound)")
      }),
    FuzzTarget(
      "csv", words: ["label", "class", "target", "unnamed: 0", "id", "\u{feff}", "inf", "0x1p3"],
      seeds: {
        let square = [String](repeating: "255", count: 64).joined(separator: ",")
        let texts = [
          "0.5,-1\n2,3\n", "x,y\n0.5,-1e3\r\n2,3\n", "0.5 -1\n 2  3 \n", "0.5\t-1\n2\t3",
          "\"a\";\"b\"\n1;2", "7,\(square)\n3,\(square)\n", "id,label,x\n1,0,0.25\n2,1,0.5\n",
        ]
        return texts.map { [UInt8]($0.utf8) } + [ArchiveForge.gzip([UInt8](texts[0].utf8))]
      },
      read: { input, folder in try readItems(folder.file("x.csv", input)) }),
  ]

  /// Reads a file of arrays as `gan train` does.
  static func readItems(_ path: String, _ split: ImageDataset.Split = .train) throws {
    guard let file = ArrayFile(path) else { return }
    do {
      use(try file.read(split, named: "fuzz"))
    } catch let error as FormatError {
      // Without images to test with those to train on are read all the same.
      guard split == .test else { throw error }
    }
  }

  /// Does with data what training does first.
  static func use(_ data: any TrainingData) {
    precondition(data.count > 0 && data.itemShape.elementCount > 0)
    if let labels = data.labels { precondition(labels.count == data.count) }
    _ = (data.digest(), data.labelsDigest(), data.classCount, data.classNames)
  }
}
