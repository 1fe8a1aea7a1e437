import GANExport
import Testing

@Suite("Protobuf's wire format")
struct ProtobufTests {
  /// Bytes are those of the examples of protobuf's own page on its encoding, and of its rules.
  @Test(
    "Fields are encoded as protobuf's documentation says",
    arguments: [
      (ProtobufMessage { $0.add(1, integer: 150) }, [0x08, 0x96, 0x01]),
      (ProtobufMessage { $0.add(2, text: "testing") }, [0x12, 0x07] + Array("testing".utf8)),
      (ProtobufMessage { $0.add(3) { $0.add(1, integer: 150) } }, [0x1a, 0x03, 0x08, 0x96, 0x01]),
      (
        ProtobufMessage { $0.add(1, integer: -2) },
        [0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
      ),
      (ProtobufMessage { $0.add(16, integer: 0) }, [0x80, 0x01, 0x00]),
      (ProtobufMessage { $0.add(2, float: 1.5) }, [0x15, 0x00, 0x00, 0xc0, 0x3f]),
      (ProtobufMessage { $0.add(1, double: -2) }, [0x09, 0, 0, 0, 0, 0, 0, 0, 0xc0]),
      (ProtobufMessage { $0.add(1, bytes: []) }, [0x0a, 0x00]),
    ] as [(ProtobufMessage, [UInt8])])
  func fields(message: ProtobufMessage, bytes: [UInt8]) { #expect(message.bytes == bytes) }
}
