import Foundation
import GANFormats
import GANPlots
import GANTraining

/// A folder with what an experiment found: `report.json`, `README.md` and its pictures.
package struct LabFolder: Hashable, Sendable {
  /// The folder.
  package let path: String

  /// Makes a folder.
  ///
  /// - Parameter path: Where; what is there is replaced file by file.
  /// - Throws: `FormatError` of kind `unwritable`.
  package init(path: String) throws {
    self.path = path
    try makeFolder(path)
  }

  /// Makes a folder with the next free number in another, which is made where it is missing:
  /// `lab/00000-optimum`.
  ///
  /// - Throws: `FormatError` of kind `unwritable`.
  package init(numberedIn folder: String, for experiment: String) throws {
    path = try NumberedFolder(in: folder).finish(as: experiment)
  }

  /// Writes everything about an experiment; the report comes last, so a folder that has one is
  /// whole.
  ///
  /// - Throws: `FormatError` of kind `unwritable`; `PlotError` where the machine has no font.
  package func write(_ report: LabReport<some Experiment>) throws {
    let account = report.settings.account(of: report.results)
    for picture in account.pictures { try picture.figure.write(picture.name, into: path) }
    for grid in account.grids {
      try PNG.writeOverview(grid.picture, to: "\(path)/\(grid.name).png")
    }
    try AtomicFile.write([UInt8](report.readme.utf8), to: "\(path)/README.md")
    try AtomicFile.write([UInt8](report.json.utf8), to: "\(path)/report.json")
  }
}
