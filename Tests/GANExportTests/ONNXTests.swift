import Foundation
import GANFormats
import GANNetworks
import GANTensor
import GANTestSupport
import GANTraining
import Testing

@testable import GANExport

@Suite("ONNX files")
struct ONNXTests {
  private static let missing = PythonPeer.missingModules("numpy, onnx, onnxruntime")
  private static let missingFidelity =
    PythonPeer.canImport("importlib.util as u; import torch; assert u.find_spec('torch_fidelity')")
    ? missing : "torch-fidelity is not installed"

  /// Has Python judge the files of some cases.
  private func judge(_ cases: [ONNXCase], _ flags: String...) async throws {
    let scratch = try SmallMNIST()
    var entries: [ONNXCase.Entry] = []
    for (number, test) in cases.enumerated() {
      entries.append(try await test.write(to: scratch.path, as: "\(number)"))
    }
    try JSONEncoder().encode(entries)
      .write(to: URL(filePath: scratch.path(of: "cases.json")))
    let result = try PythonPeer.run(["onnx_parity.py", scratch.path] + flags)
    print(result.text)
    #expect(result.status == 0, "\(result.text)")
  }

  @Test(
    "Other programs accept every recipe's networks, and compute what we do in any batch",
    .enabled(if: missing == nil, "\(missing ?? "")"))
  func recipes() async throws {
    var cases = Recipe.all.flatMap { recipe in Role.pair.map { ONNXCase(recipe, $0) } }
    cases += [.dcgan28, .dcgan64, .cgan].map { ONNXCase($0, .generator, asBytes: true) }
    try await judge(cases)
  }

  /// Every kind but the one that is refused.
  private static func layers() throws -> [ONNXCase] {
    [
      try ONNXCase(
        "linear", on: [6], .linear(inputs: 6, outputs: 5), .leakyReLU(slope: 0.2),
        .linear(inputs: 5, outputs: 3, bias: false).spectrallyNormalised, .softplus,
        .batchNorm(channels: 3), .layerNorm(shape: [3]), .dropout(probability: 0.3)),
      try ONNXCase(
        "images", on: [8], .reshape(to: [2, 2, 2]), .batchNorm(channels: 2), .relu,
        .transposedConvolution(inputs: 2, outputs: 3, window: 4, stride: 2, padding: 1),
        .instanceNorm(channels: 3), .layerNorm(shape: [3, 4, 4]),
        .upsampling(factor: 2),
        .convolution(inputs: 3, outputs: 3, window: 3, padding: 1)
          .spectrallyNormalised,
        .upsampling(factor: 3, .bilinear), .averagePooling(window: 2), .tanh),
      try ONNXCase(
        "groups", on: [4], .channelBasis([4, 3, 3]), .binomialResampling(.enlarging),
        .convolution(inputs: 4, outputs: 8, window: 3, padding: 1, groups: 2),
        .batchNorm(channels: 8), .binomialResampling(.enlarging), .batchNorm(channels: 8),
        .binomialResampling(.reducing),
        .convolution(inputs: 8, outputs: 8, window: 6, bias: false, groups: 8), .reshape(to: [8]),
        .classProduct(inputs: 8, classes: 3), .clipping),
      try ONNXCase(
        "more rows than are cut off", on: [4], .reshape(to: [1, 2, 2]),
        .transposedConvolution(
          inputs: 1, outputs: 2, window: 3, stride: 4, padding: 1, outputPadding: 3),
        .transposedConvolution(
          inputs: 2, outputs: 3, window: 3, stride: 2, padding: 1, outputPadding: 1)),
      try ONNXCase(
        "classes", on: [4], .labelConcatenation(classes: 3, shape: [2]), .reshape(to: [6, 1, 1]),
        .residual(main: [.softplus], shortcut: [.batchNorm(channels: 6)]),
        .residual(
          main: [.convolution(inputs: 6, outputs: 6, window: 1, bias: false)], shortcut: []),
        .sumPooling, .projection(inputs: 6, classes: 3)),
    ]
  }

  @Test(
    "Two other programs compute every kind of layer as we do",
    .enabled(if: missing == nil, "\(missing ?? "")"))
  func layers() async throws { try await judge(Self.layers(), "--reference") }

  @Test(
    "torch-fidelity's loader takes generators of bytes, with classes and without",
    .enabled(if: missingFidelity == nil, "\(missingFidelity ?? "")"))
  func fidelity() async throws {
    try await judge(
      [.tutorial, .dcgan32, .cgan].map { ONNXCase($0, .generator, asBytes: true) }, "--fidelity")
  }

  @Test("The same network is the same bytes, and no operation draws or normalises by itself")
  func determinism() throws {
    let saved = ONNXCase(.dcgan28, .generator).saved
    let file = try ONNXFile(saved)
    #expect(try ONNXFile(saved).bytes == file.bytes)
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(!text.contains("BatchNormalization") && !text.contains("Random"))
    #expect(!text.contains("running_mean"))
  }

  @Test("A network that compares the items of a batch is refused by what does it")
  func batches() throws {
    let network = try ONNXCase("groups", on: [4], .minibatchDeviation(groupSize: 2))
    let error = #expect(throws: ExportError.self) { try ONNXFile(network.saved) }
    #expect(
      error?.description
        == "cannot be written as ONNX: reshape mixes the items of a batch, so that its size cannot "
        + "be open")
  }

  @Test("Points and logits have no bytes")
  func bytes() throws {
    for test in [ONNXCase(.ring8, .generator), ONNXCase(.tutorial, .discriminator)] {
      #expect(throws: ExportError.self) { try ONNXFile(test.saved, asBytes: true) }
    }
  }
}
