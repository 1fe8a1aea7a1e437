import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("npy files")
struct NpyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let shapes: [Shape] = [
    [], [3], [2, 3], [64, 1, 28, 28], [0], [0, 3], [12_345, 1],
    Shape([2, 3] + [Int](repeating: 1, count: 25)),
  ]

  static func tensor(_ shape: Shape) -> HostTensor {
    HostTensor(shape: shape, (0..<shape.elementCount).map { Float($0) * 0.5 - 1 })
  }

  @Test func aSmallFileIsAsTheFormatSays() throws {
    try Npy.write(Self.tensor([2]), to: folder.path(of: "file"))
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"
    let padding = String(repeating: " ", count: 117 - text.count)
    let header = [0x93] + [UInt8]("NUMPY".utf8) + [1, 0, 0x76, 0] + [UInt8](text.utf8)
    let values: [UInt8] = [0, 0, 0x80, 0xbf, 0, 0, 0, 0xbf]
    #expect(try folder.bytes("file") == header + [UInt8]((padding + "\n").utf8) + values)
  }

  @Test(arguments: shapes)
  func whatIsWrittenIsRead(shape: Shape) throws {
    let path = folder.path(of: "file")
    try Npy.write(Self.tensor(shape), to: path)
    let read = try Npy.read(path)
    #expect(read.dimensions == shape.dimensions && read.element == .float32)
    #expect(read.bytes == Self.tensor(shape).bytes)
  }

  @Test(
    .enabled(if: PythonPeer.canImport("numpy"), "python3 cannot import numpy"), arguments: shapes)
  func numPyReadsItAndWritesTheSameBytes(shape: Shape) throws {
    let path = folder.path(of: "ours.npy")
    try Npy.write(Self.tensor(shape), to: path)
    let script = """
      import sys, numpy
      array = numpy.load(sys.argv[1])
      assert array.dtype == numpy.float32 and array.flags.c_contiguous
      assert (array.ravel() == numpy.arange(array.size, dtype=numpy.float32) * 0.5 - 1).all()
      numpy.save(sys.argv[2], array)
      print(list(array.shape))
      """
    let output = try PythonPeer.printed(by: script, path, folder.path(of: "theirs.npy"))
    #expect(output == "\(shape)\n")
    #expect(try folder.bytes("ours.npy") == folder.bytes("theirs.npy"))
  }

  @Test func damagedFilesAreRefused() throws {
    try Npy.write(Self.tensor([2, 3]), to: folder.path(of: "whole"))
    let whole = try folder.bytes("whole")
    for length in 0..<whole.count {
      let path = try folder.file("cut", [UInt8](whole.prefix(length)))
      let error = #expect(throws: FormatError.self, "cut to \(length)") { try Npy.read(path) }
      #expect(error?.kind == .invalid)
    }
    let long = try folder.file("long", whole + [1, 2])
    #expect(throws: FormatError(long, .trailing(.npy, excessBytes: 2))) { try Npy.read(long) }
    for (text, other) in [
      ("<f4", "<U4"), ("False", "Maybe"), ("(2,", "(X,"), ("'shape'", "'shope'"),
    ] {
      let header = String(decoding: whole[10..<128], as: UTF8.self)
        .replacingOccurrences(of: text, with: other)
      let path = try folder.file("other", whole[..<10] + [UInt8](header.utf8) + whole[128...])
      let error = #expect(throws: FormatError.self, "\(other)") { try Npy.read(path) }
      if case .unsupported(.npy, "header", _) = error?.reason {
      } else {
        Issue.record("\(other): \(String(describing: error))")
      }
    }
  }

  @Test(
    "Arrays of every type, order and version are read as NumPy has them",
    .enabled(if: PythonPeer.canImport("numpy"), "python3 cannot import numpy"),
    arguments: [
      "|b1", "|u1", "|i1", "<u2", ">u2", "<i2", ">i4", "<u4", "<i8", ">u8", "<f2", ">f2", "<f4",
      ">f4",
      "<f8", ">f8",
    ])
  func everyKind(type: String) throws {
    let path = folder.path(of: "array.npy")
    let script = """
      import sys, numpy
      from numpy.lib import format
      values = (numpy.arange(24).reshape(2, 3, 4) % 7).astype(sys.argv[2])
      if sys.argv[3] == "F": values = numpy.asfortranarray(values)
      with open(sys.argv[1], "wb") as file:
          format.write_array(file, values, version=tuple(map(int, sys.argv[4].split("."))))
      print(*values.astype(float).ravel(order="C"))
      """
    for (order, version) in [("C", "1.0"), ("F", "1.0"), ("C", "2.0"), ("F", "3.0")] {
      let output = try PythonPeer.printed(by: script, path, type, order, version)
      let expected = output.split { $0.isWhitespace }.compactMap { Float($0) }
      let array = try Npy.read(path)
      #expect(array.dimensions == [2, 3, 4])
      #expect(array.floats == expected, "\(order) \(version)")
    }
  }
}
