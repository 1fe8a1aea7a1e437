import GANTensor

/// A model as ONNX has it: named tensors, and operations that make others of them.
///
/// Of ONNX's messages it has what networks need. Values of integer types are `INT64`, which is what
/// indices are.
///
/// - Source: `onnx/onnx.proto` and `docs/Operators.md` of https://github.com/onnx/onnx
struct ONNXModel: Hashable, Sendable {
  /// What wrote it.
  var producer: (name: String, version: String) { ("gan", producerVersion) }
  var producerVersion: String
  /// The graph's name.
  var name: String
  /// What it takes, in order.
  var inputs: [Value] = []
  /// What it gives.
  var outputs: [Value] = []
  /// Constant tensors.
  var initializers: [Constant] = []
  /// Operations, each after those whose results it takes.
  var nodes: [Node] = []
  /// Anything else, by key; written in the order of the keys.
  var metadata: [String: String] = [:]

  /// An input or an output.
  struct Value: Hashable, Sendable {
    var name: String
    var type: DataType
    /// Extents of one item; a batch of any size stands before them.
    var itemShape: [Int]
  }

  /// A constant tensor.
  struct Constant: Hashable, Sendable {
    var name: String
    var type: DataType
    var shape: [Int]
    /// Its elements, row-major, little-endian.
    var bytes: [UInt8]
  }

  /// An operation.
  struct Node: Hashable, Sendable {
    /// Its name in ONNX.
    var operation: String
    /// Names of what it takes; an empty one leaves out what may be left out.
    var inputs: [String]
    /// The name of its result, and its own.
    var output: String
    var attributes: [Attribute] = []
  }

  /// A named parameter of an operation.
  struct Attribute: Hashable, Sendable {
    var name: String
    var value: Content

    enum Content: Hashable, Sendable {
      case integer(Int)
      case float(Float)
      case text(String)
      case integers([Int])
    }

    init(_ name: String, _ value: Content) {
      self.name = name
      self.value = value
    }
  }

  /// Types of elements, by their numbers in ONNX.
  enum DataType: Int, Sendable {
    case float = 1
    case uint8 = 2
    case int64 = 7
    case boolean = 9
  }
}

extension ONNXModel {
  /// The version of the format; runtimes refuse files with a later one than they know.
  private static let formatVersion = 8
  /// The version of the set of operations, which runtimes since 2022 have.
  private static let operationSet = 17
  /// The greatest message that protobuf reads.
  private static let byteLimit = Int(Int32.max)

  /// The bytes of the file.
  ///
  /// - Throws: `ExportError.tooLarge`.
  func encoded() throws(ExportError) -> [UInt8] {
    // Before anything is copied.
    let weights = initializers.reduce(0) { $0 + $1.bytes.count }
    guard weights < Self.byteLimit else { throw tooLarge(weights) }
    let message = ProtobufMessage { model in
      model.add(1, integer: Self.formatVersion)
      model.add(2, text: producer.name)
      model.add(3, text: producer.version)
      model.add(7, graph)
      model.add(8) { $0.add(2, integer: Self.operationSet) }
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
        model.add(14) {
          $0.add(1, text: key)
          $0.add(2, text: value)
        }
      }
    }
    guard message.bytes.count <= Self.byteLimit else { throw tooLarge(message.bytes.count) }
    return message.bytes
  }

  private func tooLarge(_ byteCount: Int) -> ExportError {
    .tooLarge(form: "ONNX", byteCount: byteCount, limit: Self.byteLimit)
  }

  private var graph: ProtobufMessage {
    ProtobufMessage { graph in
      for node in nodes { graph.add(1, node.message) }
      graph.add(2, text: name)
      for initializer in initializers { graph.add(5, initializer.message) }
      for input in inputs { graph.add(11, input.message) }
      for output in outputs { graph.add(12, output.message) }
    }
  }
}

extension ONNXModel.Node {
  fileprivate var message: ProtobufMessage {
    ProtobufMessage { node in
      for input in inputs { node.add(1, text: input) }
      node.add(2, text: output)
      node.add(3, text: output)
      node.add(4, text: operation)
      for attribute in attributes { node.add(5, attribute.message) }
    }
  }
}

extension ONNXModel.Attribute {
  fileprivate var message: ProtobufMessage {
    ProtobufMessage { attribute in
      attribute.add(1, text: name)
      // The type stands in a field of its own.
      switch value {
      case .float(let value):
        attribute.add(2, float: value)
        attribute.add(20, integer: 1)
      case .integer(let value):
        attribute.add(3, integer: value)
        attribute.add(20, integer: 2)
      case .text(let value):
        attribute.add(4, text: value)
        attribute.add(20, integer: 3)
      case .integers(let values):
        for value in values { attribute.add(8, integer: value) }
        attribute.add(20, integer: 7)
      }
    }
  }
}

extension ONNXModel.Constant {
  fileprivate var message: ProtobufMessage {
    ProtobufMessage { tensor in
      for extent in shape { tensor.add(1, integer: extent) }
      tensor.add(2, integer: type.rawValue)
      tensor.add(8, text: name)
      tensor.add(9, bytes: bytes)
    }
  }
}

extension ONNXModel.Value {
  fileprivate var message: ProtobufMessage {
    ProtobufMessage { value in
      value.add(1, text: name)
      value.add(2) { type in
        type.add(1) { tensor in
          tensor.add(1, integer: self.type.rawValue)
          tensor.add(2) { shape in
            shape.add(1) { $0.add(2, text: "batch") }
            for extent in itemShape { shape.add(1) { $0.add(1, integer: extent) } }
          }
        }
      }
    }
  }
}
