import Foundation
import GANData
import GANFormats

extension DataSearch {
  /// Takes what lies at a path: a packed file, CIFAR-10, MNIST or pictures.
  func contents(of path: String, sized request: FramingRequest) throws -> Find {
    if PackedImages.areLikely(at: path) { return try packed(path, named: nil) }
    if ImageDataset.hasCIFAR10(in: path) { return try cifar10(in: path) }
    do {
      return (try ImageDataset.mnist(in: path), "from \(path)")
    } catch let error as FormatError {
      // A file of MNIST's that is damaged or closed is not passed over for pictures.
      guard error.path == path else { return try images(of: .mnist, in: path) }
    }
    let folder = try Self.pictures(in: path, saidBy: "--data-dir \(path)")
    return try pictures(in: folder, named: Self.name(of: path), sized: request)
  }

  /// The pictures in a folder in which no other data were found.
  ///
  /// - Parameter origin: What names the folder, for messages.
  /// - Throws: `CommandError` that says all that a folder could hold.
  static func pictures(
    in path: String, saidBy origin: String
  ) throws(CommandError) -> ImageFolder {
    do throws(FormatError) {
      return try ImageFolder(path)
    } catch {
      let message =
        if case .noPictures(let extensions) = error.reason {
          "there are neither MNIST's files (train-images-idx3-ubyte) nor CIFAR-10's "
            + "(data_batch_1.bin) nor pictures "
            + "(\(extensions.map { ".\($0)" }.joined(separator: ", ")))"
        } else {
          error.description
        }
      throw CommandError(
        error.kind.status, "\(origin): \(message)",
        help: "name a folder with MNIST's files, CIFAR-10's or pictures, torchvision's root, or a "
          + "packed file")
    }
  }

  /// CIFAR-10's training images.
  func cifar10(in folder: String) throws -> Find {
    do {
      return (try ImageDataset.cifar10(in: folder), "from \(folder)")
    } catch let error as FormatError {
      throw CommandError(
        error.kind.status, "--data-dir \(folder): \(error)",
        help: "name the folder that holds data_batch_1.bin to data_batch_5.bin")
    }
  }

  /// Pictures that are to be called something.
  func pictures(
    in path: String, named name: String, sized request: FramingRequest
  ) throws -> Find {
    if PackedImages.areLikely(at: path) { return try packed(path, named: name) }
    guard let folder = try? ImageFolder(path) else {
      // Then it was meant to be one of the names there are.
      _ = try Self.family(name)
      throw CommandError(.missing, "no pictures in \(path)")
    }
    return try pictures(in: folder, named: Self.checkedName(name), sized: request)
  }

  private func pictures(
    in folder: ImageFolder, named name: String, sized request: FramingRequest
  ) throws -> Find {
    let packer = ImagePacker(folder, named: name, framing: request.framing(for: folder))
    let packed = try packed(packer)
    return (packed.dataset, "from \(folder.path)")
  }

  /// The packed file of a folder, made now where it is not in the cache; says what was left out.
  ///
  /// - Parameter namesAll: Whether, where no picture can be read, all are named.
  func packed(_ packer: ImagePacker, namesAll: Bool = false) throws -> PackedImages {
    let cache = PackCache(path: try DataCache.ofUser(environment).packed)
    if let packed = cache.images(of: packer) {
      let count = packed.report.unreadable.count
      if count > 0 {
        try console.say(
          "data: \(count) left out as unreadable; gan data inspect \(packer.folder.path) names them"
        )
      }
      return packed
    }
    var progress = PackingProgress(of: packer, on: console, namesAll: namesAll)
    return try progress.watch(into: cache.path(of: packer)) { note throws(FormatError) in
      try cache.packedImages(of: packer) {
        try? console.say("data: another process is packing \(packer.folder.path); waiting for it")
      } progress: {
        note($0)
      }
    }
  }

  private func packed(_ path: String, named name: String?) throws -> Find {
    let dataset = try PackedImages(contentsOf: path).dataset
    // What a file says it is called is as foreign as a folder's name.
    let name = try name.map(Self.checkedName) ?? Self.ownName(dataset.name)
    return (dataset.renamed(name), "from \(path)")
  }

  /// What the pictures in a folder are called.
  static func name(of folder: String) -> String {
    ownName(URL(filePath: folder).standardizedFileURL.lastPathComponent)
  }

  /// A name as near as can be that a run's folder can have and that is no other data set's.
  private static func ownName(_ text: String) -> String {
    let name = sanitized(text)
    if name.isEmpty { return "pictures" }
    return names.contains(name) ? "\(name)-pictures" : name
  }

  /// A name that somebody gives pictures.
  ///
  /// - Throws: `CommandError` where a run's folder cannot be called so, or other data are.
  static func checkedName(_ name: String) throws(CommandError) -> String {
    guard !name.isEmpty, name == sanitized(name) else {
      throw CommandError(.usage, "name \(name): must be letters, digits, '.', '-' and '_'")
    }
    guard !names.contains(name) else {
      throw CommandError(.usage, "name \(name): another data set is called so")
    }
    return name
  }

  /// A name with which a run's folder can be called.
  private static func sanitized(_ name: String) -> String {
    String(
      name.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || "._-".contains(character) ? character : "-"
      }
    ).trimmingCharacters(in: CharacterSet(charactersIn: ".-"))
  }
}

extension DataCache {
  /// Where packed folders are.
  var packed: String { "\(path)/packed" }
}
