import Foundation
import GANNetworks
import GANRuntime
import GANTensor
import GANTestSupport

/// What PyTorch makes of every case, asked of one process when the first test wants to know.
enum PyTorchLayers {
  /// Why it cannot be asked, if it cannot.
  static let missing = PythonPeer.missingModules("numpy, safetensors, torch")

  /// A case with the numbers that both sides compute from, and what PyTorch makes of them.
  struct Answered: Sendable {
    let layers: LayerCase
    let inputs: [String: ReferenceTensor]
    let state: [String: ReferenceTensor]
    let answer: Answer
  }

  /// Tensors by name, or why there are none.
  struct Answer: Decodable, Sendable {
    let error: String?
    let tensors: [String: Numbers]
  }

  /// A tensor as JSON has it.
  struct Numbers: Codable, Sendable {
    let shape: Shape
    let values: [Double]
  }

  /// The table, in order.
  static let answers = Result { try ask(LayerCase.all) }

  private struct Question: Encodable {
    let network: NetworkDescription
    let inputs: [String: Numbers]
    let state: [String: Numbers]
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static func ask(_ cases: [LayerCase]) throws -> [Answered] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "gan-layers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var answered: [(inputs: [String: ReferenceTensor], state: [String: ReferenceTensor])] = []
    for (number, layers) in cases.enumerated() {
      let seed = UInt64(number)
      answered.append((layers.inputs(of: try layers.graph(), seed: seed), layers.state(seed: seed)))
    }
    let questions = zip(cases, answered).map { layers, numbers in
      Question(
        network: layers.network, inputs: numbers.inputs.mapValues(\.numbers),
        state: numbers.state.mapValues(\.numbers))
    }
    let (question, answer) = (folder.appending(path: "question"), folder.appending(path: "answer"))
    try JSONEncoder().encode(questions).write(to: question)
    let result = try PythonPeer.run(["layer_parity.py", question.path(), answer.path()])
    guard result.status == 0 else { throw Failure(description: result.text) }
    let answers = try JSONDecoder().decode([Answer].self, from: Data(contentsOf: answer))
    return zip(zip(cases, answered), answers).map {
      Answered(layers: $0.0, inputs: $0.1.inputs, state: $0.1.state, answer: $1)
    }
  }
}

extension ReferenceTensor {
  /// The tensor as JSON has it, integers too.
  fileprivate var numbers: PyTorchLayers.Numbers {
    switch storage {
    case .real(let values): .init(shape: shape, values: values)
    case .integer(let values): .init(shape: shape, values: values.map(Double.init))
    }
  }
}
