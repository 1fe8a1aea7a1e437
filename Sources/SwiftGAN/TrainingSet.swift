import Foundation
import GANData
import GANFormats
import GANTensor
import GANTraining

/// What a generator is to imitate: images, or points of the line or the plane.
public struct TrainingSet: Sendable {
  let items: any TrainingData

  init(_ items: any TrainingData) {
    self.items = (items as? ImageDataset)?.withoutEmptyClasses() ?? items
  }

  /// The number of items.
  public var count: Int { items.count }

  /// The shape of one item: `[C, H, W]` of an image, `[D]` of a point.
  public var shape: [Int] { items.itemShape.dimensions }

  /// What the data are called in options and files.
  public var name: String { items.name }

  /// Classes that occur; nil where the data tell none. One without images is none: where labels
  /// have gaps, the others are still called by their numbers.
  public var classCount: Int? { items.classCount }

  // MARK: In memory

  /// Images already in memory.
  ///
  /// - Parameters:
  ///   - name: What the data are called in saved files.
  ///   - shape: Of one image, `[C, H, W]`; C is 1 (gray) or 3 (colour).
  ///   - pixels: 0 to 255, image after image: a whole number of them, at least one.
  ///   - labels: The class of each, from 0, where they have classes.
  /// - Throws: `GANError` where these are no images.
  public static func images(
    _ pixels: [UInt8], shape: [Int], labels: [UInt8]? = nil, name: String = "images"
  ) throws -> TrainingSet {
    let shape = try image(shape)
    guard !pixels.isEmpty, pixels.count.isMultiple(of: shape.elementCount) else {
      throw GANError(.invalidArgument, "\(pixels.count) samples are no images of \(shape)")
    }
    let count = pixels.count / shape.elementCount
    guard labels.map({ $0.count == count }) ?? true else {
      throw GANError(
        .invalidArgument, "\(labels?.count ?? 0) labels for \(count) images")
    }
    return TrainingSet(
      ImageDataset(name: try checked(name), imageShape: shape, pixels: pixels, labels: labels))
  }

  /// Points already in memory.
  ///
  /// - Parameters:
  ///   - points: At least one, of as many coordinates each.
  ///   - name: What the data are called in saved files.
  /// - Throws: `GANError` where these are no points.
  public static func points(
    _ points: [[Float]], name: String = "points"
  ) throws -> TrainingSet {
    guard let dimension = points.first?.count, (1...65_536).contains(dimension),
      points.allSatisfy({ $0.count == dimension })
    else {
      throw GANError(.invalidArgument, "points are at least one, of as many coordinates each")
    }
    guard points.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw GANError(.invalidArgument, "a coordinate of a point is not finite")
    }
    return TrainingSet(
      PointDataset(
        name: try checked(name), dimension: dimension, values: points.flatMap { $0 }))
  }

  // MARK: Made up

  /// The built-in digits, made up on the spot.
  ///
  /// - Parameters:
  ///   - count: 1 to 10,000,000; more of them begin with the same ones. 60,000 take about a second
  ///     and 47 MB.
  ///   - seed: Another seed gives other images.
  /// - Throws: `GANError` where the count is out of range.
  public static func strokes(count: Int = 60_000, seed: UInt64 = 0) throws -> TrainingSet {
    guard (1...10_000_000).contains(count) else {
      throw GANError(.invalidArgument, "strokes are 1 to 10000000, got \(count)")
    }
    return TrainingSet(ImageDataset.strokes(count: count, seed: seed))
  }

  /// Points of a toy world: `gaussian`, `ring-8`, `grid-25`, `spirals`, `moons`, `checkerboard`.
  ///
  /// - Parameters:
  ///   - name: Of the world.
  ///   - count: 1 to 10,000,000.
  ///   - seed: Another seed gives other points.
  /// - Throws: `GANError` where there is no such world, or the count is out of range.
  public static func world(
    _ name: String, count: Int = 100_000, seed: UInt64 = 0
  ) throws -> TrainingSet {
    guard let world = ToyWorld(rawValue: name) else {
      let names = ToyWorld.allCases.map(\.rawValue).joined(separator: ", ")
      throw GANError(.invalidArgument, "no world is called \(name)", help: "there is \(names)")
    }
    guard (1...10_000_000).contains(count) else {
      throw GANError(.invalidArgument, "points are 1 to 10000000, got \(count)")
    }
    return TrainingSet(PointDataset(world, count: count, seed: seed))
  }

  // MARK: From files

  /// MNIST's training images, or those of a data set in the same files.
  ///
  /// - Parameter folder: Holds the files, plain or gzip; torchvision's folders will do.
  /// - Throws: `GANError` where there are none, or a file is damaged.
  public static func mnist(in folder: String) throws -> TrainingSet {
    try inPublicWords { TrainingSet(try ImageDataset.mnist(in: folder)) }
  }

  /// The data set of a name, from a folder, the user's cache, the system or the network, or built
  /// in: what `gan train --dataset` finds.
  ///
  /// - Parameters:
  ///   - name: Such as `fashion-mnist` or `ring-8`; `auto` for what lies in the folder, without one
  ///     for MNIST or what else there is.
  ///   - folder: The only place to look in; nil to look everywhere.
  ///   - seed: Draws the points of toy worlds.
  ///   - usesNetwork: False where data must be on this machine already.
  /// - Throws: `GANError` where there is no such data set, it cannot be had, or a file is damaged.
  public static func named(
    _ name: String, in folder: String? = nil, seed: UInt64 = 0, usesNetwork: Bool = true
  ) throws -> TrainingSet {
    try inPublicWords {
      let source = DataSource(
        name, in: folder, seed: seed, usesNetwork: usesNetwork,
        cache: DataCache(environment: ProcessInfo.processInfo.environment))
      return TrainingSet(try source.find().data)
    }
  }

  /// CIFAR-10's training images, from the folder with its binary version.
  ///
  /// - Throws: `GANError` where there are none, or a file is damaged.
  public static func cifar10(in folder: String) throws -> TrainingSet {
    try inPublicWords { TrainingSet(try ImageDataset.cifar10(in: folder)) }
  }

  /// The images of a file that `gan data pack` wrote, mapped.
  ///
  /// - Throws: `GANError` where the file is missing or damaged.
  public static func packed(_ path: String) throws -> TrainingSet {
    try inPublicWords { TrainingSet(try PackedImages(contentsOf: path).dataset) }
  }

  /// The pictures in a folder (PNG, JPEG, WebP, BMP), resized and decoded once into a mapped file;
  /// those of each subfolder are a class.
  ///
  /// - Parameters:
  ///   - folder: Of the pictures.
  ///   - shape: What each becomes, `[C, H, W]`; nil for what suits most of them, at most 64 × 64.
  ///   - cache: A folder for the decoded file; later calls find it there.
  ///   - name: What the data are called in saved files.
  /// - Throws: `GANError` where no picture can be read.
  /// - Complexity: Decodes every picture the first time: minutes for tens of thousands.
  public static func pictures(
    in folder: String, sized shape: [Int]? = nil, cache: String, name: String = "pictures"
  ) throws -> TrainingSet {
    var request = FramingRequest()
    if let shape {
      let shape = try image(shape)
      guard FramingRequest.sides.contains(shape[1]), FramingRequest.sides.contains(shape[2]) else {
        throw GANError(.invalidArgument, "sides are \(FramingRequest.sides), got \(shape)")
      }
      (request.channels, request.height, request.width) = (shape[0], shape[1], shape[2])
    }
    let name = try checked(name)
    return try inPublicWords {
      let pictures = try ImageFolder(folder)
      let packer = ImagePacker(pictures, named: name, framing: request.framing(for: pictures))
      return TrainingSet(try PackCache(path: cache).packedImages(of: packer) { _ in }.dataset)
    }
  }

  /// The same images resized by an antialiased filter, from a centred rectangle of the new
  /// proportions.
  ///
  /// - Parameter shape: `[C, H, W]`; C is 1 (gray) or 3 (colour), H and W 1 to 4,096.
  /// - Throws: `GANError` where the shape is no image's, or these are points.
  public func resized(to shape: [Int]) throws -> TrainingSet {
    guard let images = items as? ImageDataset else {
      throw GANError(.invalidArgument, "points cannot be resized")
    }
    let shape = try Self.image(shape)
    guard max(shape[1], shape[2]) <= 4_096 else {
      throw GANError(.invalidArgument, "images have at most 4096 rows and columns, got \(shape)")
    }
    var request = FramingRequest()
    (request.channels, request.height, request.width) = (shape[0], shape[1], shape[2])
    return TrainingSet(images.framed(as: request))
  }

  private static func image(_ shape: [Int]) throws -> Shape {
    guard shape.count == 3, [1, 3].contains(shape[0]), shape[1] > 0, shape[2] > 0,
      max(shape[1], shape[2]) <= 65_535
    else {
      throw GANError(.invalidArgument, "images are [1 or 3, rows, columns], got \(shape)")
    }
    return Shape(shape)
  }

  /// A name that a run's folder can have.
  private static func checked(_ name: String) throws -> String {
    guard DataName.isFit(name) else {
      throw GANError(.invalidArgument, "a name is \(DataName.requirement), got \(name)")
    }
    return name
  }
}
