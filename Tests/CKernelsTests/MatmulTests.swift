import COneDNN
import GANTensor
import Testing

/// One after another: callers on several threads would each bring a team of spinning threads.
@Suite("Products by oneDNN equal plain loops", .serialized)
struct MatmulTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let rows: Int
    let inner: Int
    let columns: Int
    var testDescription: String { "[\(rows), \(inner)] [\(inner), \(columns)]" }
  }

  /// 1 in every place, primes, and neighbours of the vector width.
  static let extents = [
    Extents(rows: 1, inner: 1, columns: 1), Extents(rows: 1, inner: 5, columns: 1),
    Extents(rows: 5, inner: 1, columns: 1), Extents(rows: 1, inner: 1, columns: 5),
    Extents(rows: 7, inner: 1, columns: 3), Extents(rows: 1, inner: 13, columns: 29),
    Extents(rows: 31, inner: 11, columns: 1), Extents(rows: 2, inner: 3, columns: 2),
    Extents(rows: 17, inner: 31, columns: 19), Extents(rows: 16, inner: 64, columns: 32),
    Extents(rows: 37, inner: 63, columns: 65), Extents(rows: 100, inner: 257, columns: 1),
    Extents(rows: 1, inner: 100, columns: 257), Extents(rows: 48, inner: 67, columns: 33),
  ]

  static let epilogues: [[MatmulCase.PostOp]] = [
    [], [.relu(slope: 0)], [.relu(slope: 0.2)],
  ]

  @Test(arguments: extents, epilogues)
  func everyTransposeAndBiasAgrees(extents: Extents, epilogue: [MatmulCase.PostOp]) throws {
    for choice in 0..<8 {
      let product = MatmulCase(
        extents: extents, transposeLHS: choice & 1 != 0, transposeRHS: choice & 2 != 0,
        hasBias: choice & 4 != 0, postOps: epilogue)
      let computed = try product.computed()
      // Sums of at most 257 products of values below 1, rounded in another order.
      let errors = zip(computed, product.expected()).map { abs(Double($0) - $1) }
      #expect(errors.count == extents.rows * extents.columns)
      #expect(errors.allSatisfy { $0 < 2e-5 }, "transposes and bias \(choice)")
    }
  }

  @Test func aDescriptionOutOfRangeIsRefusedWithAReason() throws {
    let engine = try Engine()
    for (rows, postOps) in [(0, 0), (-1, 0), (1 << 31, 0), (2, 5), (2, -1)] as [(Int64, Int32)] {
      var descriptor = conednn_matmul_descriptor()
      (descriptor.rows, descriptor.inner, descriptor.columns) = (rows, 3, 4)
      descriptor.post_op_count = postOps
      let (matmul, reason) = engine.prepare(descriptor)
      #expect(matmul == nil)
      #expect(reason.contains("[\(rows), 3]") && reason.contains("invalid arguments"), "\(reason)")
    }
  }

  @Test func anUnknownPostOpIsRefusedWithAReason() throws {
    let engine = try Engine()
    var descriptor = conednn_matmul_descriptor()
    (descriptor.rows, descriptor.inner, descriptor.columns) = (2, 3, 4)
    descriptor.post_op_count = 1
    descriptor.post_ops.0.kind = conednn_post_kind(rawValue: 99)
    let (matmul, reason) = engine.prepare(descriptor)
    #expect(matmul == nil)
    #expect(!reason.isEmpty)
  }

  @Test func theLoadedVersionIsOneTheShimSpeaks() {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    conednn_version(&major, &minor, &patch)
    #expect((2...3).contains(major))
  }
}

/// An engine that frees itself.
final class Engine {
  struct Refusal: Error { let reason: String }

  let handle: OpaquePointer

  init() throws {
    var reason = [CChar](repeating: 0, count: 256)
    guard let handle = conednn_engine_create(&reason, reason.count) else {
      throw Refusal(reason: text(reason))
    }
    self.handle = handle
  }

  deinit { conednn_engine_destroy(handle) }

  func prepare(_ descriptor: conednn_matmul_descriptor) -> (matmul: OpaquePointer?, reason: String)
  {
    var descriptor = descriptor
    var reason = [CChar](repeating: 0, count: 256)
    let matmul = conednn_matmul_create(handle, &descriptor, &reason, reason.count)
    return (matmul, text(reason))
  }
}

/// A C string in a buffer, up to its end.
func text(_ buffer: [CChar]) -> String {
  String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
