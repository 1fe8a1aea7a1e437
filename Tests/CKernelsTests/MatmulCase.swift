import COneDNN
import Foundation
import GANTensor

/// One product with operands of its own, computed by oneDNN and by plain loops in `Double`.
struct MatmulCase {
  enum PostOp: Equatable, Sendable {
    case relu(slope: Float)

    var described: conednn_post_op {
      switch self {
      case .relu(let slope): conednn_post_op(kind: CONEDNN_POST_RELU, alpha: slope)
      }
    }
  }

  let extents: MatmulTests.Extents
  let transposeLHS: Bool
  let transposeRHS: Bool
  let hasBias: Bool
  let postOps: [PostOp]

  /// Uniforms in [-1, 1); each operand has a stream of its own.
  private func operand(_ number: UInt64, count: Int) -> [Float] {
    let stream = RandomStream(seed: 11, purpose: .syntheticImages, step: number)
    return (0..<count).map { 2 * stream.uniform(at: $0) - 1 }
  }

  private var lhs: [Float] { operand(0, count: extents.rows * extents.inner) }
  private var rhs: [Float] { operand(1, count: extents.inner * extents.columns) }
  private var bias: [Float] { operand(2, count: extents.columns) }

  private var descriptor: conednn_matmul_descriptor {
    var descriptor = conednn_matmul_descriptor()
    descriptor.rows = Int64(extents.rows)
    descriptor.inner = Int64(extents.inner)
    descriptor.columns = Int64(extents.columns)
    descriptor.transpose_lhs = transposeLHS
    descriptor.transpose_rhs = transposeRHS
    descriptor.has_bias = hasBias
    descriptor.post_op_count = Int32(postOps.count)
    withUnsafeMutableBytes(of: &descriptor.post_ops) { bytes in
      let slots = bytes.bindMemory(to: conednn_post_op.self)
      for (slot, postOp) in postOps.enumerated() { slots[slot] = postOp.described }
    }
    return descriptor
  }

  /// What oneDNN makes of it: bound to two addresses and executed twice at each, so that
  /// rebinding and repetition are judged too.
  func computed() throws -> [Float] {
    let engine = try Engine()
    let (prepared, reason) = engine.prepare(descriptor)
    guard let matmul = prepared else { throw Engine.Refusal(reason: reason) }
    defer { conednn_matmul_destroy(matmul) }

    let buffers = [lhs, rhs, bias].map { values in
      let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values)
      return buffer
    }
    let dst = UnsafeMutableBufferPointer<Float>.allocate(capacity: extents.rows * extents.columns)
    dst.initialize(repeating: .nan)
    let elsewhere = UnsafeMutableBufferPointer<Float>.allocate(capacity: dst.count)
    elsewhere.initialize(repeating: .nan)
    let scratchpad = UnsafeMutableRawPointer.allocate(
      byteCount: conednn_matmul_scratchpad_bytes(matmul), alignment: 64)
    defer {
      for buffer in buffers + [dst, elsewhere] { buffer.deallocate() }
      scratchpad.deallocate()
    }

    for target in [elsewhere, dst] {
      let bound = conednn_matmul_bind(
        matmul, buffers[0].baseAddress, buffers[1].baseAddress,
        hasBias ? buffers[2].baseAddress : nil, target.baseAddress, scratchpad)
      guard bound == 0 else { throw Engine.Refusal(reason: "bind: \(bound)") }
      for _ in 0..<2 {
        let status = conednn_matmul_execute(matmul)
        guard status == 0 else { throw Engine.Refusal(reason: "execute: \(status)") }
      }
    }
    guard elsewhere.map(\.bitPattern) == dst.map(\.bitPattern) else {
      throw Engine.Refusal(reason: "two bindings of one product differ")
    }
    return Array(dst)
  }

  /// The definition, element by element.
  func expected() -> [Double] {
    let (lhs, rhs, bias) = (lhs, rhs, bias)
    return (0..<extents.rows * extents.columns).map { element in
      let (row, column) = (element / extents.columns, element % extents.columns)
      var value = hasBias ? Double(bias[column]) : 0
      for k in 0..<extents.inner {
        let left = transposeLHS ? lhs[k * extents.rows + row] : lhs[row * extents.inner + k]
        let right =
          transposeRHS ? rhs[column * extents.inner + k] : rhs[k * extents.columns + column]
        value += Double(left) * Double(right)
      }
      for postOp in postOps {
        switch postOp {
        case .relu(let slope): value = value > 0 ? value : value * Double(slope)
        }
      }
      return value
    }
  }
}
