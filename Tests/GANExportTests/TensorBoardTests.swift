import Testing

@testable import GANExport

@Suite("TensorBoard's records")
struct TensorBoardTests {
  @Test("The checksum is that of RFC 3720, and its mask TensorFlow's")
  func checksum() {
    let digits = Array("123456789".utf8)
    #expect(CRC32C.checksum(of: digits) == 0xE306_9283)
    #expect(CRC32C.masked(digits) == 0xC78A_B0E5)
    // The RFC's other examples.
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum(of: [UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum(of: (0..<32).map(UInt8.init)) == 0x46DD_794E)
  }

  /// The bytes that TensorFlow's own writer made of this event.
  @Test("A number's record has the bytes of TensorFlow's")
  func record() {
    let event = TensorBoardEvent(
      time: 1_700_000_001, step: 1,
      content: .scalars([TensorBoardEvent.Scalar(tag: "loss/d", value: 1.5)]))
    let expected =
      "1c00000000000000c8c1951d0900004040fc54d94110012a0f0a0d0a066c6f73732f64150000c03f2bef2e49"
    let digits = "0123456789abcdef".map(\.self)
    #expect(
      String(event.record.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) == expected)
  }

  @Test("NaN stays NaN, and the mean of an interval that had any is none")
  func nonfinite() throws {
    let line = try #require(
      StatisticsLine(
        #"""
        {"kind":"report","epoch":1,"step":7,"images":70,"discriminatorLoss":null,
        "stepSeconds":0.5,"imagesPerSecond":20,"elapsedSeconds":3.5,
        "nonfinite":["discriminatorLoss"],"readings":{
        "generator.loss":{"last":2,"mean":1.5,"least":1,"greatest":2},
        "discriminator.loss":{"last":null,"mean":0.5,"least":0.5,"greatest":0.5,"nonfinite":1},
        "discriminator.logits.real.deviation":{"last":null,"mean":null,"nonfinite":2}},
        "metrics":{"fid":12.5}}
        """#.utf8))
    let values = Dictionary(uniqueKeysWithValues: line.scalars.map { ($0.tag, $0.value) })
    #expect(values["generator/loss"] == 1.5)
    #expect(values["discriminator/loss"]?.isNaN == true)
    #expect(values["discriminator/logits.real.deviation"]?.isNaN == true)
    #expect(values["metrics/fid"] == 12.5 && values["progress/images"] == 70)
    #expect(line.step == 7 && line.endedEpoch == nil && line.elapsedSeconds == 3.5)
    #expect(StatisticsLine("{\"step\":".utf8) == nil)
  }
}
