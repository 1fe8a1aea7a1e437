import Foundation
import GANFormats
import GANTestSupport
import GANTraining
import Testing

extension CommandTests {
  @Suite("A run that is told classes goes on with the same ones, and with no others")
  struct LabelledRunTests {
    private let scratch: SmallMNIST
    private let run: ShortRun
    private let folder: RunFolder

    init() throws {
      scratch = try SmallMNIST()
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
      run = ShortRun(scratch)
      let result = try run.start(ShortRun.conditional)
      try #require(result.status == 0, "\(result.errors)")
      folder = RunFolder(path: try #require(run.folder))
    }

    /// Labels for the same images, and what is said of them; nil where they are taken.
    struct Case: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let label: (@Sendable (_ image: Int) -> Int)?
      let refusal: String?
    }

    @Test(
      "Other labels, fewer classes and none are refused before anything of it changes",
      arguments: [
        Case(testDescription: "the same", label: { $0 % 10 }, refusal: nil),
        Case(
          testDescription: "others", label: { 9 - $0 % 10 },
          refusal: "its labels have the SHA-256 "),
        Case(
          testDescription: "four classes", label: { $0 % 4 },
          refusal: "its data have 10 classes, these 4 classes"),
        Case(
          testDescription: "none", label: nil,
          refusal: "its data have 10 classes, these no classes"),
      ])
    func labels(test: Case) throws {
      let data = scratch.path(of: "data")
      try makeFolder(data)
      try SmallMNIST.write(toFolder: data)
      if let label = test.label { try SmallMNIST.writeLabels(toFolder: data, label) }
      let before = try RunContents(of: folder.path)
      let result = try run.resume(["--epochs", "4", "--data-dir", data])
      #expect(result.status == (test.refusal == nil ? 0 : 78))
      if let refusal = test.refusal { #expect(result.errors.contains(refusal), "\(result.errors)") }
      let isUnchanged = try RunContents(of: folder.path) == before
      #expect(isUnchanged == (test.refusal != nil))
    }

    @Test("Once it is to be longer, nothing calls itself the end of it")
    func formerEnd() throws {
      let networks = [
        folder.rawGenerator, folder.network(of: .generator), folder.network(of: .discriminator),
      ]
      for network in networks { #expect(FileManager.default.fileExists(atPath: network)) }
      let past = try StartedRun(folder)
      var options = past.options
      options.epochs = 4
      try past.prepare(options, on: past.environment)
      for network in networks { #expect(!FileManager.default.fileExists(atPath: network)) }
    }
  }
}
