import GANData
import GANTensor
import Testing

@Suite("Classes are those that occur")
struct ClassTests {
  private func images(_ labels: [UInt8]?, names: [String]? = nil) -> ImageDataset {
    ImageDataset(
      name: "x", imageShape: [1, 1, 1],
      storage: DataStorage([UInt8](repeating: 0, count: labels?.count ?? 1)), labels: labels,
      classNames: names)
  }

  @Test(
    "Labels with gaps are numbered anew, and keep their names",
    arguments: [
      ([8, 9, 8], nil, [0, 1, 0], ["8", "9"], ["0", "1", "2", "3", "4", "5", "6", "7"]),
      ([1, 2, 1], nil, [0, 1, 0], ["1", "2"], ["0"]),
      ([0, 2], ["a", "b", "c"], [0, 1], ["a", "c"], ["b"]),
      ([0, 1], ["a", "b", "c"], [0, 1], ["a", "b"], ["c"]),
      ([1, 4], ["a", "b"], [0, 1], ["b", "4"], ["a", "2", "3"]),
      ([255], nil, [0], ["255"], (0..<255).map(String.init)),
    ] as [([UInt8], [String]?, [UInt8], [String], [String])])
  func gaps(
    labels: [UInt8], names: [String]?, expected: [UInt8], left: [String], empty: [String]
  ) {
    let images = images(labels, names: names)
    #expect(images.emptyClasses == empty)
    let compact = images.withoutEmptyClasses()
    #expect(compact.labels == expected)
    #expect(compact.classNames == left)
    #expect(compact.classCount == left.count)
    #expect(compact.emptyClasses.isEmpty)
  }

  @Test(
    "Where every class occurs nothing changes",
    arguments: [([1, 0, 2], nil), ([1, 0], ["a", "b"]), (nil, nil)] as [([UInt8]?, [String]?)])
  func whole(labels: [UInt8]?, names: [String]?) {
    let images = images(labels, names: names)
    let compact = images.withoutEmptyClasses()
    #expect(compact.labels == labels && compact.classNames == names)
    #expect(images.emptyClasses.isEmpty)
  }
}
