import GANData
import GANTensor
import Testing

@Suite("Points and images are data of one kind")
struct PointDatasetTests {
  @Test("A toy world's points are those of its stream", arguments: ToyWorld.allCases)
  func worldPoints(world: ToyWorld) {
    let points = PointDataset(world, count: 50, seed: 3)
    let stream = RandomStream(seed: 3, purpose: .worldData, step: 0)
    #expect(points.name == world.rawValue)
    #expect(points.count == 50)
    #expect(points.itemShape == [world.mixture.dimension])
    #expect(
      points.items(0..<50).floats == world.mixture.samples(count: 50, from: stream))
    #expect(points.digest() != PointDataset(world, count: 50, seed: 4).digest())
  }

  @Test("Items come as a generator would make them: points as they are, images from -1 to 1")
  func items() {
    let points = PointDataset(name: "points", dimension: 2, values: [1, 2, 3, 4, 5, 6])
    #expect(points.items([2, 0]) == HostTensor(shape: [2, 2], [5, 6, 1, 2] as [Float]))
    let images = ImageDataset(name: "images", imageShape: [1, 1, 2], pixels: [0, 255, 51, 204])
    #expect(images.items([1]) == HostTensor(shape: [1, 1, 1, 2], [-0.6, 0.6] as [Float]))
    #expect(images.items([0]) == HostTensor(shape: [1, 1, 1, 2], [-1, 1] as [Float]))
  }
}
