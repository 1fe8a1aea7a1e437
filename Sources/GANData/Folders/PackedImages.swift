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
  /// The colour behind transparent pixels; nil where the file does not say.
  package let background: ImageFraming.Background?
  /// A report on the pictures.
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

  /// True where a file begins as safetensors do: with a length, then a brace.
  package static func areLikely(at path: String) -> Bool {
    guard let file = try? InputFile(path: path), let start = try? file.bytes(upTo: 9) else {
      return false
    }
    return start.last == UInt8(ascii: "{") && start.count == 9
  }

  /// True where a safetensors file says what kind of file it is, as ours do.
  package static func sayKind(at path: String) -> Bool {
    guard let file = try? InputFile(path: path), let layout = try? SafetensorsLayout(of: file)
    else {
      return false
    }
    return layout.metadata[Key.kind] != nil
  }

  /// Opens a packed file.
  ///
  /// - Throws: `FormatError`: `missing`, or `invalid` when it is no such file or its classes have
  ///   not the names that its labels need.
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
    let classNames: [String]?
    do throws(FormatError.Fault) {
      classNames = try Self.classNames(layout.metadata[Key.classes], of: labels)
    } catch {
      throw FormatError(path, .corrupt(.safetensors, error))
    }
    dataset = ImageDataset(
      name: layout.metadata[Key.name] ?? "images",
      imageShape: Shape([Int](images.shape.dimensions.dropFirst())),
      storage: DataStorage(mapped, images.bytes), labels: labels, classNames: classNames)
    sourceDigest = layout.metadata[Key.source] ?? ""
    background = layout.metadata[Key.background].flatMap { ImageFraming.Background($0) }
    let report = layout[TensorName.report].map { Data(mapped.bytes[$0.bytes]) } ?? Data()
    self.report =
      (try? JSONDecoder().decode(PackingReport.self, from: report)) ?? PackingReport()
  }

  /// The names in a JSON array, one at least for each label in use.
  private static func classNames(
    _ json: String?, of labels: [UInt8]?
  ) throws(FormatError.Fault) -> [String]? {
    guard let json else { return nil }
    guard let names = try? JSONDecoder().decode([String].self, from: Data(json.utf8)) else {
      throw .decoder(message: "its classes are no JSON array of names")
    }
    // A class of which no picture could be read has its name, but no label is in use.
    let allowed = labels.map { Int($0.max() ?? 0) + 1...ImagePacker.classLimit }
    guard let allowed, allowed.contains(names.count) else {
      throw .classNames(count: names.count, allowed: allowed)
    }
    return names
  }
}
