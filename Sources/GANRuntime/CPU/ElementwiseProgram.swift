internal import CKernels
internal import GANGraph

/// A program of the tile interpreter with the memory it refers to; its identity is that memory.
final class ElementwiseProgram {
  private let instructions: UnsafeMutableBufferPointer<ck_instruction>
  private let registers: UnsafeMutableBufferPointer<ck_register>
  private let views: UnsafeMutableBufferPointer<ck_view>
  private let immediates: UnsafeMutableBufferPointer<Float>
  private let sums: UnsafeMutableBufferPointer<ck_channel_sum>
  private let program: UnsafeMutablePointer<ck_program>

  /// Takes a program whose scalar registers with an index refer to `immediates`.
  ///
  /// - Parameters:
  ///   - onceCount: The number of first instructions that run for the first tile only.
  ///   - sums: The results of instructions that add up, in chunks as `chunks` has them.
  init(
    instructions: [ck_instruction], onceCount: Int = 0, registers: [ck_register], views: [ck_view],
    immediates: [Float], sums: [ck_channel_sum] = [], chunks: ChannelChunks? = nil
  ) {
    self.instructions = .copy(of: instructions)
    self.registers = .copy(of: registers)
    self.views = .copy(of: views)
    self.immediates = .copy(of: immediates)
    self.sums = .copy(of: sums)
    for position in registers.indices where registers[position].kind == CK_SCALAR.registerKind {
      let immediate = Int(registers[position].index)
      if immediate >= 0, let start = self.immediates.baseAddress {
        self.registers[position].base = UnsafeMutableRawPointer(start + immediate)
      }
    }
    program = .allocate(capacity: 1)
    program.initialize(
      to: ck_program(
        instructions: UnsafePointer(self.instructions.baseAddress),
        instruction_count: instructions.count, once_count: onceCount,
        registers: UnsafePointer(self.registers.baseAddress), register_count: registers.count,
        views: UnsafePointer(self.views.baseAddress),
        sums: UnsafePointer(self.sums.baseAddress), sum_count: sums.count,
        channels: chunks?.channels ?? 0, chunk: chunks?.elements ?? 0))
  }

  /// One function applied to memory where it lies.
  convenience init(_ function: UnaryFunction, at memory: UnsafeMutablePointer<Float>) {
    let register = ck_register(kind: CK_FLOATS.registerKind, index: 0, base: memory)
    self.init(
      instructions: [ck_instruction(function, result: 0, operand: 0)], registers: [register],
      views: [], immediates: [])
  }

  deinit {
    instructions.deallocate()
    registers.deallocate()
    views.deallocate()
    immediates.deallocate()
    sums.deallocate()
    program.deallocate()
  }

  func run(count: Int, sharedBy members: Int) {
    ck_program_run_shared(program, count, Int32(members))
  }
}

extension ck_register_kind {
  var registerKind: Int32 { Int32(rawValue) }
}

extension ck_instruction {
  init(
    _ opcode: ck_opcode, result: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0, immediate: Float = 0
  ) {
    self.init(
      opcode: UInt16(opcode.rawValue), result: UInt16(result), a: UInt16(a), b: UInt16(b),
      c: UInt16(c), immediate: immediate)
  }

  init(_ function: UnaryFunction, result: Int, operand: Int) {
    switch function {
    case .negate: self.init(CK_NEGATE, result: result, operand)
    case .exp: self.init(CK_EXP, result: result, operand)
    case .expm1: self.init(CK_EXPM1, result: result, operand)
    case .log: self.init(CK_LOG, result: result, operand)
    case .sqrt: self.init(CK_SQRT, result: result, operand)
    case .tanh: self.init(CK_TANH, result: result, operand)
    case .sigmoid: self.init(CK_SIGMOID, result: result, operand)
    case .softplus: self.init(CK_SOFTPLUS, result: result, operand)
    case .leakyReLU(let slope):
      self.init(CK_LEAKY_RELU, result: result, operand, immediate: Float(slope))
    }
  }
}

extension UnsafeMutableBufferPointer {
  static func copy(of elements: [Element]) -> Self {
    let buffer = Self.allocate(capacity: elements.count)
    _ = buffer.initialize(from: elements)
    return buffer
  }
}
