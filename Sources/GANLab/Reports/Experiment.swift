package import GANFormats
package import GANPlots
package import GANTraining

/// Something the laboratory measures: its settings are the value, which `report.json` keeps.
///
/// The same settings on the same machine give the same results.
package protocol Experiment: Encodable, Sendable {
  /// The measurements.
  associatedtype Results: Encodable & Sendable

  /// Its name in reports and in its folders' names.
  static var name: String { get }

  /// Measures.
  ///
  /// - Parameters:
  ///   - engine: Where everything that trains computes.
  ///   - progress: Is told how far it is, a line at a time.
  func run(
    on engine: Engine, progress: @escaping @Sendable (String) -> Void
  ) async throws -> Results

  /// Says in words and pictures what was measured.
  func account(of results: Results) -> Account
}

/// The readable report of an experiment.
package struct Account: Sendable {
  /// One line that says what was asked.
  package let title: String
  /// Markdown: what was measured, its numbers, and how they were obtained.
  package let text: String
  /// In the order in which the README shows them.
  package let pictures: [Picture]
  /// Images that were made, after the pictures.
  package let grids: [Grid]

  /// A figure and the name of its files.
  package struct Picture: Sendable {
    /// Without an ending.
    package let name: String
    /// The figure.
    package let figure: Figure

    /// Names a figure.
    package init(_ name: String, _ figure: Figure) { (self.name, self.figure) = (name, figure) }
  }

  /// Images side by side and the name of their file.
  package struct Grid: Sendable {
    /// Without an ending.
    package let name: String
    /// What they show, in one line.
    package let title: String
    /// The images.
    package let picture: PixelImage

    /// Names images.
    package init(_ name: String, title: String, _ picture: PixelImage) {
      (self.name, self.title, self.picture) = (name, title, picture)
    }
  }

  /// Collects the parts.
  package init(title: String, text: String, pictures: [Picture], grids: [Grid] = []) {
    (self.title, self.text, self.pictures, self.grids) = (title, text, pictures, grids)
  }
}
