/// An event of TensorBoard, and the record of a file that holds it.
///
/// - Source: `tensorboard/compat/proto/event.proto`, `summary.proto` and
///   `tensorboard/plugins/hparams/plugin_data.proto` of https://github.com/tensorflow/tensorboard
struct TensorBoardEvent: Hashable, Sendable {
  /// Seconds since 1970.
  var time: Double
  /// Steps finished.
  var step = 0
  var content: Content

  enum Content: Hashable, Sendable {
    /// The first event of every file.
    case fileVersion
    /// The run begins, or begins again: what was recorded from this step on is void.
    case start
    /// Numbers by tag; NaN and infinities are kept.
    case scalars([Scalar])
    /// A picture, as the bytes of its PNG.
    case image(tag: String, png: [UInt8], width: Int, height: Int, channels: Int)
    /// The run's hyperparameters.
    case hyperparameters([Hyperparameter])
    /// The run is finished.
    case finished
  }

  struct Scalar: Hashable, Sendable {
    var tag: String
    var value: Float
  }
}

/// A hyperparameter as TensorBoard's table has it.
struct Hyperparameter: Hashable, Sendable {
  var name: String
  var value: Value

  enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
    case boolean(Bool)
  }
}

extension TensorBoardEvent {
  /// The bytes of a record: the length, its checksum, the event, its checksum.
  var record: [UInt8] {
    let data = message.bytes
    func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
    }
    let length = littleEndian(UInt64(data.count))
    return length + littleEndian(CRC32C.masked(length)) + data + littleEndian(CRC32C.masked(data))
  }

  private var message: ProtobufMessage {
    ProtobufMessage { event in
      event.add(1, double: time)
      if step != 0 { event.add(2, integer: step) }
      switch content {
      case .fileVersion:
        event.add(3, text: "brain.Event:2")
        event.add(10) { $0.add(1, text: "gan") }
      case .start:
        event.add(7) { $0.add(1, integer: 1) }
      case .scalars(let scalars):
        event.add(5) { summary in
          for scalar in scalars {
            summary.add(1) {
              $0.add(1, text: scalar.tag)
              $0.add(2, float: scalar.value)
            }
          }
        }
      case .image(let tag, let png, let width, let height, let channels):
        event.add(5) { summary in
          summary.add(1) { value in
            value.add(1, text: tag)
            value.add(4) { image in
              image.add(1, integer: height)
              image.add(2, integer: width)
              image.add(3, integer: channels)
              image.add(4, bytes: png)
            }
          }
        }
      case .hyperparameters(let parameters):
        event.add(5, Self.summary(of: "session_start_info", startInfo(parameters), field: 3))
      case .finished:
        let end = ProtobufMessage {
          $0.add(1, integer: 1)
          $0.add(2, double: time)
        }
        event.add(5, Self.summary(of: "session_end_info", end, field: 4))
      }
    }
  }

  private func startInfo(_ parameters: [Hyperparameter]) -> ProtobufMessage {
    ProtobufMessage { info in
      for parameter in parameters {
        info.add(1) { entry in
          entry.add(1, text: parameter.name)
          entry.add(2) {
            switch parameter.value {
            case .number(let number): $0.add(2, double: number)
            case .text(let text): $0.add(3, text: text)
            case .boolean(let boolean): $0.add(4, integer: boolean ? 1 : 0)
            }
          }
        }
      }
      info.add(5, double: time)
    }
  }

  /// What the plugin for hyperparameters reads: metadata of a tensor without elements.
  private static func summary(
    of name: String, _ content: ProtobufMessage, field: Int
  ) -> ProtobufMessage {
    ProtobufMessage { summary in
      summary.add(1) { value in
        value.add(1, text: "_hparams_/\(name)")
        value.add(8) {
          $0.add(1, integer: 1)
          $0.add(2) { $0.add(2, bytes: []) }
        }
        value.add(9) { metadata in
          metadata.add(1) { plugin in
            plugin.add(1, text: "hparams")
            plugin.add(2, ProtobufMessage { $0.add(field, content) })
          }
        }
      }
    }
  }
}
