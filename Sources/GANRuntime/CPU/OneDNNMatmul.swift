internal import COneDNN
internal import GANGraph

/// A prepared matrix product of oneDNN, `activation(op(lhs) · op(rhs) + bias)`, wherever it lies; its
/// identity is the library's object.
final class OneDNNMatmul {
  private let matmul: OpaquePointer
  /// The engine must outlive the objects made with it.
  private let device: CPUDevice

  init(
    rows: Int, inner: Int, columns: Int, transposingLHS: Bool = false, transposingRHS: Bool = false,
    hasBias: Bool = false, activation: UnaryFunction? = nil, on device: CPUDevice
  ) throws(Refusal) {
    var request = conednn_matmul_descriptor()
    request.rows = Int64(rows)
    request.inner = Int64(inner)
    request.columns = Int64(columns)
    request.transpose_lhs = transposingLHS
    request.transpose_rhs = transposingRHS
    request.has_bias = hasBias
    if let activation {
      request.post_op_count = 1
      request.post_ops.0 = try conednn_post_op(activation)
    }
    var reason = ReasonBuffer()
    let made = reason.fill { conednn_matmul_create(device.engine, &request, $0, $1) }
    guard let made else { throw Refusal(reason: reason.text) }
    matmul = made
    self.device = device
  }

  deinit { conednn_matmul_destroy(matmul) }

  var implementation: String { "oneDNN " + String(cString: conednn_matmul_implementation(matmul)) }

  var scratchBytes: Int { conednn_matmul_scratchpad_bytes(matmul) }

  func bind(
    lhs: UnsafePointer<Float>, rhs: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil,
    result: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) -> BoundKernel {
    let status = conednn_matmul_bind(matmul, lhs, rhs, bias, result, scratch)
    precondition(status == 0, "oneDNN refused an address, status \(status)")
    return BoundKernel {
      let status = conednn_matmul_execute(self.matmul)
      precondition(status == 0, "oneDNN failed in a prepared product, status \(status)")
    }
  }
}

extension conednn_post_op {
  /// oneDNN's function for each element of a result.
  init(_ function: UnaryFunction) throws(Refusal) {
    guard case .leakyReLU(let slope) = function else {
      throw Refusal(reason: "no epilogue for \(function.name)")
    }
    self.init(kind: CONEDNN_POST_RELU, alpha: Float(slope))
  }
}
