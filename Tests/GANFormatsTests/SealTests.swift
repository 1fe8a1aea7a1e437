import Foundation
import GANFormats
import GANTensor
import GANTestSupport
import Testing

@Suite("A seal notices every change of a safetensors file")
struct SealTests {
  private let folder: TemporaryFolder
  private let file = SafetensorsFile(
    metadata: ["options": "{\"a\":1}", "kind": "network"],
    tensors: [
      ("weight", HostTensor(shape: [2, 2], [1, -2, 0.5, .infinity] as [Float])),
      ("updates", HostTensor(shape: .scalar, [7] as [Int64])),
      ("empty", HostTensor(shape: [0], [] as [UInt8])),
    ])

  init() throws { folder = try TemporaryFolder() }

  @Test("The seal is the SHA-256 of the file without it, and sealing twice is sealing once")
  func digest() throws {
    try file.write(to: folder.path(of: "bare"))
    let sealed = file.sealed()
    let digest = SHA256.hexadecimalDigest(of: try folder.bytes("bare"))
    #expect(sealed.metadata[SafetensorsFile.sealKey] == digest)
    #expect(sealed.isIntact)
    #expect(!file.isIntact)
    #expect(sealed.sealed() == sealed)
    #expect(sealed.entries == file.entries)
  }

  @Test("Python checks it as the page on run folders says")
  func documented() throws {
    let docs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/run-folder.md")
    let page = try String(contentsOf: docs, encoding: .utf8)
    let section = try #require(page.components(separatedBy: "## The seal").last)
    let script = try #require(section.components(separatedBy: "```python\n").dropFirst().first)
      .components(separatedBy: "```")[0]
    let path = folder.path(of: "sealed")
    var odd = file
    odd.metadata["name"] = "강아지 \"x\" \\ / \n\u{1}\u{1f}"
    try odd.sealed().write(to: path)
    #expect(try PythonPeer.printed(by: script, path) == "True\n")
    var flipped = try folder.bytes("sealed")
    flipped[flipped.count - 1] ^= 1
    try Data(flipped).write(to: URL(filePath: path))
    #expect(try PythonPeer.printed(by: script, path) == "False\n")
  }

  @Test("It survives the file")
  func roundTrip() throws {
    let path = folder.path(of: "sealed")
    try file.sealed().write(to: path)
    #expect(try SafetensorsFile(contentsOf: path).isIntact)
  }

  @Test("No byte can be changed anywhere")
  func flips() throws {
    let path = folder.path(of: "sealed")
    try file.sealed().write(to: path)
    let bytes = try folder.bytes("sealed")
    for place in bytes.indices {
      var flipped = bytes
      flipped[place] ^= 1 << (place % 8)
      try Data(flipped).write(to: URL(filePath: path))
      // Unreadable is noticed too.
      let isIntact = (try? SafetensorsFile(contentsOf: path))?.isIntact ?? false
      #expect(!isIntact, "bit \(place % 8) of byte \(place)")
    }
  }

  @Test("Another name, value, shape or order of metadata breaks it; the order of tensors does not")
  func contents() {
    var renamed = file.sealed()
    renamed.metadata["kind"] = "checkpoint"
    #expect(!renamed.isIntact)
    let seal = file.sealed().metadata
    func sealed(_ tensors: [(name: String, tensor: HostTensor)]) -> Bool {
      SafetensorsFile(metadata: seal, tensors: tensors).isIntact
    }
    let entries = file.entries.map { (name: $0.name, tensor: $0.tensor) }
    #expect(sealed(entries.reversed()))
    #expect(!sealed(entries.dropLast()))
    let flat = HostTensor(shape: [4], [1, -2, 0.5, .infinity] as [Float])
    #expect(!sealed([(name: "weight", flat)] + entries.dropFirst()))
    #expect(!sealed([(name: "bias", entries[0].tensor)] + entries.dropFirst()))
  }
}
