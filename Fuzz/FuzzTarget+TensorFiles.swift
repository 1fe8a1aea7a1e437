import Foundation
import GANData
import GANFormats
import GANNetworks
import GANTensor
import GANTraining

extension FuzzTarget {
  /// Safetensors files, and our own among them.
  static let tensorFiles = [
    FuzzTarget(
      "safetensors",
      words: [
        "__metadata__", "\"dtype\":\"F32\"", "\"shape\":[1]", "\"data_offsets\":[0,4]", "I64",
        "I32",
        "U8", "BOOL", "F16", "\\ud800\\udc00", "null",
      ],
      seeds: { safetensorsSeeds },
      read: { input, folder in
        let file = try SafetensorsFile(contentsOf: folder.file("x.safetensors", input))
        _ = file.isIntact
        // What was read is written and read again to the same.
        let again = try SafetensorsFile(
          contentsOf: folder.file("y.safetensors", file.sealed().encoded))
        precondition(again.isIntact && again.entries.count == file.entries.count)
        precondition(again.entries.allSatisfy { file[$0.name] == $0.tensor })
        try readItems(folder.file("x.safetensors", input))
      }),
    FuzzTarget(
      "packed", words: ["gan images 1", "images", "labels", "report", "classes", "background"],
      seeds: {
        let report = [UInt8](
          #"{"sizes":{"2x2":1},"modes":{},"turnedCount":0,"unreadable":[]}"#.utf8)
        return [
          SafetensorsFile(
            metadata: [
              "kind": "gan images 1", "name": "x", "classes": #"["a","b"]"#, "source": "0",
              "background": "white",
            ],
            tensors: [
              ("images", HostTensor(shape: [2, 1, 2, 2], (0..<8).map { UInt8($0) })),
              ("labels", HostTensor(shape: [2], [0, 1] as [UInt8])),
              ("report", HostTensor(shape: [report.count], report)),
            ]
          ).encoded
        ]
      },
      read: { input, folder in
        let packed = try PackedImages(contentsOf: folder.file("x.safetensors", input))
        use(packed.dataset)
        _ = (packed.report.leftOut, packed.sourceDigest, packed.background)
      }),
    FuzzTarget(
      "run-file", words: ["kind", "network", "checkpoint", "trace", "formatVersion", "step"],
      seeds: { try fixtures.filter { $0.hasSuffix(".safetensors") }.map(contents) },
      // The seal would refuse all but the seeds: files are sealed anew first.
      read: { input, folder in
        let path = folder.file("x.safetensors", input)
        let sealed = try SafetensorsFile(contentsOf: path).sealed().encoded
        try readRunFile(folder.file("x.safetensors", sealed))
      }),
  ]

  /// Reads one of our files as `gan info` and `gan sample` do.
  static func readRunFile(_ path: String) throws {
    let file = try RunFile(contentsOf: path)
    _ = try RunSummary(ofFile: path).json
    for role in file.networks.keys {
      let saved = try? SavedNetwork(role, in: file)
      precondition(saved.map { $0.tensors.count == $0.network.tensorNames.count } ?? true)
    }
  }

  private static var safetensorsSeeds: [[UInt8]] {
    let file = SafetensorsFile(
      metadata: ["a": "b\"\n", "note": "\u{1f600}"],
      tensors: [
        ("images", HostTensor(shape: [2, 1, 1, 2], [1, 2, 3, 4] as [UInt8])),
        ("labels", HostTensor(shape: [2], [1, 0] as [Int64])),
        ("empty", HostTensor(shape: [0, 3], [] as [Float])),
        ("scalar", HostTensor(shape: [], [0.5])),
      ])
    return [file.encoded, file.sealed().encoded, SafetensorsFile().encoded]
  }

  /// The committed run of an early version, and its pictures left out.
  static var fixtures: [String] {
    get throws {
      let root = "Tests/Fixtures/4ddcba4"
      return try FileManager.default.subpathsOfDirectory(atPath: root).sorted().map {
        "\(root)/\($0)"
      }
    }
  }

  /// The bytes of a file.
  static func contents(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }
}
