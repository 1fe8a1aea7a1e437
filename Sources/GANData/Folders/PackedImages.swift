import Foundation
package import GANFormats
import GANTensor

/// Images of one size in one file, decoded once, that training maps into memory.
///
/// A safetensors file: `images`, U8 `[N, C, H, W]`; `labels`, U8 `[N]`, where there are classes;
/// `report`, the UTF-8 of JSON about the pictures that they were made of. Its strings are `kind`,
/// `name`, `classes` (a JSON array of their names), `source` (the digest of the folder as it was)
/// and `background`. `docs/images-of-your-own.md` describes it for others.
package struct PackedImages: Sendable {
  /// The images, left in the file.
  package let dataset: ImageDataset
  /// The digest of the folder when it was packed, as `ImageFolder.digest` gives it.
  package let sourceDigest: String
  /// What the pictures were like.
  package let report: PackingReport

  static let kind = "gan images 1"

  /// Names of strings.
  enum Key {
    static let kind = "kind"
    static let name = "name"
    static let classes = "classes"
    static let source = "source"
    static let background = "background"
  }

  /// Names of tensors.
  enum TensorName {
    static let images = "images"
    static let labels = "labels"
    static let report = "report"
  }

  /// Whether a file begins as safetensors do: with a length, then a brace.
  package static func areLikely(at path: String) -> Bool {
    guard let file = try? InputFile(path: path), let start = try? file.bytes(upTo: 9) else {
      return false
    }
    return start.last == UInt8(ascii: "{") && start.count == 9
  }

  /// Opens a packed file.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is no such file.
  /// - Complexity: Memory for the labels and the report; the images stay in the file.
  package init(contentsOf path: String) throws(FormatError) {
    let file = try InputFile(path: path)
    let layout = try SafetensorsLayout(of: file)
    func unfit(_ what: String, _ value: String?) -> FormatError {
      FormatError(
        path, .unsupported(.safetensors, what: what, value: value ?? "of which it says nothing"))
    }
    guard layout.metadata[Key.kind] == Self.kind else {
      throw unfit("a file of kind", layout.metadata[Key.kind])
    }
    guard let images = layout[TensorName.images], images.elementType == .uint8,
      images.shape.rank == 4, images.shape.elementCount > 0, [1, 3].contains(images.shape[1])
    else {
      throw unfit("images of shape", layout[TensorName.images].map { "\($0.shape)" })
    }
    let mapped = try file.mapped()
    var labels: [UInt8]?
    if let place = layout[TensorName.labels] {
      guard place.elementType == .uint8, place.shape == [images.shape[0]] else {
        throw unfit("labels of shape", "\(place.shape)")
      }
      labels = [UInt8](mapped.bytes[place.bytes])
    }
    let classNames = layout.metadata[Key.classes].flatMap {
      try? JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
    dataset = ImageDataset(
      name: layout.metadata[Key.name] ?? "images",
      imageShape: Shape([Int](images.shape.dimensions.dropFirst())),
      storage: DataStorage(mapped, images.bytes), labels: labels, classNames: classNames)
    sourceDigest = layout.metadata[Key.source] ?? ""
    let report = layout[TensorName.report].map { Data(mapped.bytes[$0.bytes]) } ?? Data()
    self.report =
      (try? JSONDecoder().decode(PackingReport.self, from: report)) ?? PackingReport()
  }
}
