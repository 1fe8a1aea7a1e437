import GANTensor
import Testing

@testable import GANData

@Suite("Stacked images")
struct StackedTests {
  private let gray = ImageDataset.strokes(count: 60)

  @Test(
    "Each channel has each gray image once, and a third without one is black", arguments: [2, 3])
  func channels(depth: Int) throws {
    let stacked = gray.stacked(depth: depth)
    #expect(stacked.count == gray.count && stacked.imageShape == [3, 28, 28])
    #expect(stacked.labels == nil && stacked.stack?.depth == depth)
    let all = Set((0..<gray.count).map { Array(gray.pixels(ofImage: $0)) })
    let planes = (0..<3).map { channel in
      (0..<stacked.count).map {
        Array(stacked.pixels(ofImage: $0)[channel * 784..<(channel + 1) * 784])
      }
    }
    for channel in 0..<depth { #expect(Set(planes[channel]) == all, "channel \(channel)") }
    for plane in planes[depth...].joined() { #expect(plane.allSatisfy { $0 == 0 }) }
    #expect(planes[0] != planes[1])
  }

  @Test("A seed gives the same images again, and another one others")
  func seeds() {
    let digest = gray.stacked(depth: 3, seed: 4).pixelDigest()
    #expect(gray.stacked(depth: 3, seed: 4).pixelDigest() == digest)
    #expect(gray.stacked(depth: 3, seed: 5).pixelDigest() != digest)
  }

  @Test("Resized stacked images are stacks of resized ones")
  func sizes() throws {
    let request = FramingRequest(side: 32)
    let framed = gray.stacked(depth: 3).framed(as: request)
    let stack = try #require(framed.stack)
    #expect(framed.imageShape == [3, 32, 32] && stack.images.imageShape == [1, 32, 32])
    #expect(stack.images.stacked(depth: 3).pixelDigest() == framed.pixelDigest())
    let mixed = try #require(FramingRequest("1x28x28"))
    #expect(gray.stacked(depth: 3).framed(as: mixed).stack == nil)
  }

  @Test("Every set like MNIST is stacked by name, and no folder is taken for a stacked one")
  func names() throws {
    let names = NamedDataset.stacked.map(\.name)
    #expect(names.contains("stacked-mnist") && names.contains("stacked-strokes-2"))
    let places = try ["stacked-mnist", "mnist"].map { name in
      try #require(NamedDataset.all.firstIndex { $0.name == name })
    }
    // A folder is recognised as the first that is in its files.
    #expect(places[1] < places[0])
    #expect(
      NamedDataset.named("stacked-mnist")?.download?.name
        == NamedDataset.named("mnist")?.download?.name)
  }
}
