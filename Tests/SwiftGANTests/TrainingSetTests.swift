import Foundation
import GANData
import GANTensor
import GANTestSupport
import Synchronization
import Testing

@testable import SwiftGAN

@Suite("What the library trains on")
struct TrainingSetTests {
  private let folder: DataFolder

  init() throws { folder = try DataFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// The elements of its items.
  private func bytes(_ data: TrainingSet) -> [UInt8] { data.items.storage.array }

  private func kind(_ body: () throws -> TrainingSet) -> GANError.Kind? {
    #expect(throws: GANError.self) { _ = try body() }?.kind
  }

  // MARK: Pictures

  /// Two gray pictures of 4 x 4 in each of two folders, and the packed file that is made of them.
  private func pictures(sized shape: [Int]? = nil) throws -> (data: TrainingSet, file: String) {
    for (number, name) in ["cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"].enumerated()
    where !FileManager.default.fileExists(atPath: path("photos/\(name)")) {
      let picture = PictureForge.Picture.plain(width: 4, height: 4, [UInt8(10 * number)])
      try folder.write("photos/\(name)", PictureForge.png(picture))
    }
    let data = try TrainingSet.pictures(
      in: path("photos"), sized: shape, cache: path("cache"), name: "pets")
    let files = try FileManager.default.subpathsOfDirectory(atPath: path("cache"))
    return (data, path("cache/" + (files.first { $0.hasSuffix(".safetensors") } ?? "")))
  }

  @Test("Pictures are items in the order of their names, and the folders they lie in classes")
  func classesOfPictures() throws {
    let data = try pictures().data
    #expect(data.name == "pets")
    #expect(data.shape == [1, 4, 4])
    #expect(bytes(data) == [0, 10, 20, 30].flatMap { [UInt8](repeating: $0, count: 16) })
    #expect(data.items.labels == [0, 0, 1, 1])
    #expect(data.classCount == 2)
    #expect(data.items.classNames == ["cats", "dogs"])
  }

  @Test("Pictures get the size that is asked for, and are decoded once")
  func sizeOfPictures() throws {
    func file(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
    let first = try pictures(sized: [3, 2, 5])
    let number = try file(first.file)
    #expect(first.data.shape == [3, 2, 5])
    #expect(try pictures(sized: [3, 2, 5]).data.shape == [3, 2, 5])
    #expect(try file(first.file) == number)
  }

  @Test("A packed file has the items it was made of")
  func packed() throws {
    let (data, file) = try pictures()
    for again in [try TrainingSet.packed(file), try .named("auto", in: file)] {
      #expect(again.name == "pets")
      #expect(bytes(again) == bytes(data))
      #expect(again.items.labels == data.items.labels)
    }
    #expect(try TrainingSet.named("cats-and-dogs", in: file).name == "cats-and-dogs")
  }

  @Test("What is no picture, no folder and no packed file is refused in words")
  func refusals() throws {
    let file = try pictures().file
    try Data([1, 2, 3]).write(to: URL(filePath: path("damaged.safetensors")))
    #expect(kind { try .packed(path("damaged.safetensors")) } == .damaged)
    #expect(kind { try .packed(path("none.safetensors")) } == .missing)
    let cache = path("cache")
    #expect(kind { try .pictures(in: path("none"), cache: cache) } == .missing)
    #expect(kind { try .pictures(in: path("photos"), cache: file) } == .unwritable)
    let photos = path("photos")
    #expect(kind { try .pictures(in: photos, cache: cache, name: "a b") } == .invalidArgument)
    for shape in [[4, 4], [2, 4, 4], [1, 0, 4], [1, 4, 5_000]] {
      let refusal = kind { try .pictures(in: photos, sized: shape, cache: cache) }
      #expect(refusal == .invalidArgument, "\(shape)")
    }
  }

  // MARK: Files of data sets

  @Test("CIFAR-10's five files are one data set, with or without the archive's folder")
  func cifar10() throws {
    for batch in 1...5 {
      let record = [UInt8(batch)] + [UInt8](repeating: UInt8(40 * batch), count: 3_072)
      try folder.write("cifar-10-batches-bin/data_batch_\(batch).bin", record)
    }
    for place in [folder.path, path("cifar-10-batches-bin")] {
      let data = try TrainingSet.cifar10(in: place)
      #expect(data.name == "cifar-10")
      #expect(data.shape == [3, 32, 32])
      // Classes are those that have pictures.
      #expect(data.items.labels == [0, 1, 2, 3, 4])
      #expect(data.classCount == 5)
      #expect(bytes(data)[3_072] == 80)
      #expect(try bytes(.named("cifar-10", in: place)) == bytes(data))
      #expect(try bytes(.named("auto", in: place)) == bytes(data))
    }
    try folder.write("cifar-10-batches-bin/data_batch_3.bin", [1, 2])
    #expect(kind { try .cifar10(in: folder.path) } == .damaged)
    try FileManager.default.removeItem(atPath: path("cifar-10-batches-bin/data_batch_3.bin"))
    #expect(kind { try .cifar10(in: folder.path) } == .missing)
    #expect(kind { try .cifar10(in: path("none")) } == .missing)
  }

  @Test("A name finds a data set's files, and nothing else in a folder that lacks them")
  func named() throws {
    try SmallMNIST.write(toFolder: folder.path)
    try SmallMNIST.writeLabels(toFolder: folder.path) { $0 % 3 }
    let data = try TrainingSet.named("mnist", in: folder.path)
    #expect(data.name == "mnist")
    #expect(data.count == SmallMNIST.count)
    #expect(data.shape == [1, SmallMNIST.side, SmallMNIST.side])
    #expect(try bytes(data) == bytes(.mnist(in: folder.path)))
    #expect(kind { try .named("cifar-10", in: folder.path) } == .missing)
    #expect(kind { try .named("mnist", in: path("none")) } == .missing)
  }

  @Test("A name draws the points of a world, others for another seed")
  func worlds() throws {
    let points = try TrainingSet.named("ring-8", seed: 3)
    #expect(points.name == "ring-8")
    #expect(points.shape == [2])
    #expect(try bytes(points) == bytes(.world("ring-8", count: points.count, seed: 3)))
    #expect(try bytes(points) != bytes(.named("ring-8", seed: 4)))
    #expect(kind { try .named("ring-8", in: folder.path) } == .invalidArgument)
    let error = #expect(throws: GANError.self) { try TrainingSet.named("ring-9") }
    #expect(error?.kind == .invalidArgument)
    #expect(error?.message.contains("ring-9") == true)
  }

  // MARK: Who reads them

  /// Images that note on which thread they are read.
  private final class Watched: TrainingData {
    let readOnMainThread = Mutex<[Bool]>([])
    private let images = ImageDataset(
      name: "watched", imageShape: [1, 2, 2], pixels: [UInt8](0..<16))

    var storage: DataStorage {
      readOnMainThread.withLock { $0.append(Thread.isMainThread) }
      return images.storage
    }
    var name: String { images.name }
    var count: Int { images.count }
    var itemShape: Shape { images.itemShape }
    var elementType: ElementType { images.elementType }
    var labels: [UInt8]? { nil }
    var classCount: Int? { nil }
    var classNames: [String]? { nil }
  }

  @Test("Nobody's actor is held while a run's data are read, at its start and when it resumes")
  @MainActor
  func caller() async throws {
    let watched = Watched()
    var options = GANOptions.tutorial
    (options.epochs, options.threads, options.batchSize) = (1, 1, 2)
    (options.generatorHidden, options.discriminatorHidden) = ([4], [4])
    let data = TrainingSet(watched)
    let training = try await GAN.training(options, on: data, in: path("runs"))
    _ = try await training.result()
    _ = try await GAN.resume(#require(training.folder), on: data, epochs: 2).result()
    let reads = watched.readOnMainThread.withLock { $0 }
    #expect(reads.count >= 2)
    #expect(!reads.contains(true))
  }
}
