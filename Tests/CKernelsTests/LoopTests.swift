import CKernels
import Testing

/// Optimised builds have vectors in the loops; debug builds do not.
@Suite("Loops give the same bits for every instruction set that this processor has")
struct LoopTests {
  /// A set of loops beside the baseline's.
  struct Loops: Sendable, CustomTestStringConvertible {
    let isa: ck_isa

    var testDescription: String { String(cString: ck_isa_name(isa)) }

    func callAsFunction() throws -> ck_loops { try #require(ck_loops_for(isa)).pointee }

    static let all = (0..<UInt32(CK_ISA_COUNT)).map { Loops(isa: ck_isa($0)) }.filter {
      ck_isa_supported($0.isa)
    }
    static let least = ck_isa_supported(CK_ISA_BASELINE) ? CK_ISA_BASELINE : CK_ISA_NEON
    static var base: ck_loops { get throws { try Loops(isa: least)() } }
  }

  /// More than a tile and a rest that fills no vector; special values come first.
  static let count = 2 * Int(CK_TILE) + 37

  static let special: [Float] = [
    0, -0.0, 1, -1, 0.5, -0.5, 1e-30, -1e-30, 0x1p-140, -0x1p-140, 9, -9, 20, -20, 87.9, -87.9, 100,
    -104,
    800, 1e30, -1e30, .infinity, -.infinity, .nan, .leastNormalMagnitude, .greatestFiniteMagnitude,
  ]

  /// Each special value, then others of all sizes; another order for each seed.
  static func values(_ seed: UInt64, _ count: Int = count) -> [Float] {
    var words = [UInt32](repeating: 0, count: 2 * count)
    ck_random_words(&words, 2 * count, seed, 77, 0, 0)
    return (0..<count).map { place in
      if place < special.count * special.count {
        let turn = seed.isMultiple(of: 2) ? place : place / special.count
        return special[turn % special.count]
      }
      let fraction = Float(words[2 * place] >> 8) * 0x1p-23 - 1
      return fraction * [1e-3, 1, 10, 100][Int(words[2 * place + 1] % 4)]
    }
  }

  /// Bits, but NaNs as one: which of two operands' NaNs comes out is the processor's affair.
  static func bits(_ values: [Float]) -> [UInt32] {
    values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern }
  }

  struct Instruction: Sendable, CustomTestStringConvertible {
    let name: String
    let opcode: UInt32
    let operandCount: Int
    var testDescription: String { name }

    static let all: [Instruction] =
      [
        ("copy", CK_COPY), ("negate", CK_NEGATE), ("exp", CK_EXP), ("expm1", CK_EXPM1),
        ("log", CK_LOG), ("sqrt", CK_SQRT), ("tanh", CK_TANH), ("sigmoid", CK_SIGMOID),
        ("softplus", CK_SOFTPLUS), ("leaky ReLU", CK_LEAKY_RELU),
      ].map { Instruction(name: $0, opcode: $1.rawValue, operandCount: 1) }
      + [
        ("add", CK_ADD), ("subtract", CK_SUBTRACT), ("multiply", CK_MULTIPLY),
        ("divide", CK_DIVIDE), ("maximum", CK_MAXIMUM), ("greater", CK_GREATER),
        ("greater or equal", CK_GREATER_OR_EQUAL), ("equal", CK_EQUAL),
      ].map { Instruction(name: $0, opcode: $1.rawValue, operandCount: 2) }
      + [("select", CK_SELECT), ("multiply-add", CK_MULTIPLY_ADD)]
      .map { Instruction(name: $0, opcode: $1.rawValue, operandCount: 3) }
  }

  /// Which operands are one float for all elements, as bits.
  private func scalars(_ operandCount: Int) -> [Int] {
    switch operandCount {
    case 1: [0]
    case 2: [0b00, 0b01, 0b10]
    default: [0b000, 0b010, 0b100, 0b110]
    }
  }

  @Test(arguments: Loops.all, Instruction.all)
  func instructions(loops: Loops, instruction: Instruction) throws {
    for scalars in scalars(instruction.operandCount) {
      // A comparison's 0 and 1 choose.
      var operands = (0..<3).map { Self.values(UInt64($0)) }
      if instruction.opcode == CK_SELECT.rawValue {
        operands[0] = operands[0].map { $0 > 0 ? 1 : 0 }
      }
      let expected = try run(instruction, operands, scalars, with: Loops.base)
      let got = try run(instruction, operands, scalars, with: loops())
      #expect(got == expected, "\(instruction.name), scalars \(scalars)")
    }
  }

  private func run(
    _ instruction: Instruction, _ operands: [[Float]], _ scalars: Int, with loops: ck_loops
  ) throws -> [UInt32] {
    var (first, second, third) = (operands[0], operands[1], operands[2])
    var result = [Float](repeating: 7, count: Self.count + 1)
    result.withUnsafeMutableBufferPointer { result in
      first.withUnsafeMutableBufferPointer { a in
        second.withUnsafeMutableBufferPointer { b in
          third.withUnsafeMutableBufferPointer { c in
            let bases = [a.baseAddress, b.baseAddress, c.baseAddress, result.baseAddress]
            let registers = bases.enumerated().map { place, base in
              ck_register(
                kind: Int32(scalars >> place & 1 == 1 ? CK_SCALAR.rawValue : CK_FLOATS.rawValue),
                index: 0, base: base)
            }
            let instruction = ck_instruction(
              opcode: UInt16(instruction.opcode), result: 3, a: 0, b: 1, c: 2, immediate: 0.2)
            execute([instruction], registers, [], with: loops)
          }
        }
      }
    }
    #expect(result.last == 7)
    return Self.bits(result)
  }

  /// Runs a program for all elements, in two parts.
  private func execute(
    _ instructions: [ck_instruction], _ registers: [ck_register], _ views: [ck_view],
    with loops: ck_loops
  ) {
    instructions.withUnsafeBufferPointer { instructions in
      registers.withUnsafeBufferPointer { registers in
        views.withUnsafeBufferPointer { views in
          var program = ck_program()
          program.instructions = instructions.baseAddress
          program.instruction_count = instructions.count
          program.registers = registers.baseAddress
          program.register_count = registers.count
          program.views = views.baseAddress
          loops.program_run(&program, 0, 48)
          loops.program_run(&program, 48, Self.count - 48)
        }
      }
    }
  }

  @Test("Bytes become floats and floats bytes", arguments: Loops.all)
  func bytes(loops: Loops) throws {
    var source = (0..<Self.count).map { UInt8(truncatingIfNeeded: 7 * $0) }
    let loops = try loops()
    var converted = [Float](repeating: 7, count: Self.count + 1)
    var truths = [UInt8](repeating: 7, count: Self.count + 1)
    source.withUnsafeMutableBufferPointer { source in
      converted.withUnsafeMutableBufferPointer { converted in
        truths.withUnsafeMutableBufferPointer { truths in
          let registers = [
            ck_register(kind: Int32(CK_BYTES.rawValue), index: 0, base: source.baseAddress),
            ck_register(kind: Int32(CK_FLOATS.rawValue), index: 0, base: converted.baseAddress),
            ck_register(kind: Int32(CK_BYTES.rawValue), index: 0, base: truths.baseAddress),
          ]
          let instructions = [
            ck_instruction(
              opcode: UInt16(CK_LOAD_BYTES.rawValue), result: 1, a: 0, b: 0, c: 0, immediate: 0),
            ck_instruction(
              opcode: UInt16(CK_STORE_BYTES.rawValue), result: 2, a: 1, b: 0, c: 0, immediate: 0),
          ]
          execute(instructions, registers, [], with: loops)
        }
      }
    }
    #expect(converted == source.map { Float($0) } + [7])
    #expect(truths == source.map { $0 == 0 ? 0 : 1 } + [7])
  }

  /// An order in which memory is read: extents, outermost first, and strides.
  struct View: Sendable, CustomTestStringConvertible {
    let extents: [Int]
    let strides: [Int]
    var testDescription: String { "\(extents) by \(strides)" }

    static let all = [
      View(extents: [1_061], strides: [1]), View(extents: [1_061], strides: [0]),
      View(extents: [1_061], strides: [2]), View(extents: [1_061], strides: [3]),
      View(extents: [354, 3], strides: [1, 354]), View(extents: [354, 3], strides: [0, 1]),
      View(extents: [177, 2, 3], strides: [3, 531, 1]), View(extents: [67, 16], strides: [1, 0]),
      View(extents: [34, 32], strides: [1, 34]), View(extents: [67, 16], strides: [0, 1]),
      View(extents: [2, 2, 2, 2, 67], strides: [0, 67, 0, 134, 1]),
    ]

    /// The place that element `index` is read from.
    func place(_ index: Int) -> Int {
      var (rest, place) = (index, 0)
      for (extent, stride) in zip(extents, strides).reversed() {
        place += rest % extent * stride
        rest /= extent
      }
      return place
    }
  }

  @Test("Memory is read in any order", arguments: Loops.all, View.all)
  func views(loops: Loops, view: View) throws {
    let loops = try loops()
    let floats = Self.values(3, 3_300)
    let source = floats.map { UInt8(truncatingIfNeeded: $0.bitPattern) }
    for isBytes in [false, true] {
      var got = [Float](repeating: 7, count: Self.count + 1)
      got.withUnsafeMutableBufferPointer { got in
        floats.withUnsafeBytes { floats in
          source.withUnsafeBytes { bytes in
            var read = ck_view()
            read.base = isBytes ? bytes.baseAddress : floats.baseAddress
            read.is_bytes = isBytes ? 1 : 0
            read.rank = Int32(view.extents.count)
            withUnsafeMutableBytes(of: &read.extents) {
              $0.copyBytes(from: view.extents.map { Int64($0) }.withUnsafeBytes { Array($0) })
            }
            withUnsafeMutableBytes(of: &read.strides) {
              $0.copyBytes(from: view.strides.map { Int64($0) }.withUnsafeBytes { Array($0) })
            }
            let register = ck_register(
              kind: Int32(CK_FLOATS.rawValue), index: 0, base: got.baseAddress)
            let load = ck_instruction(
              opcode: UInt16(CK_LOAD_VIEW.rawValue), result: 0, a: 0, b: 0, c: 0, immediate: 0)
            execute([load], [register], [read], with: loops)
          }
        }
      }
      let expected = (0..<Self.count).map { index in
        isBytes ? Float(source[view.place(index)]) : floats[view.place(index)]
      }
      #expect(Self.bits(got) == Self.bits(expected + [7]), "bytes: \(isBytes)")
    }
  }

  @Test("Sums", arguments: Loops.all, [1, 3, 16, 31, 32, 48, 79])
  func sums(loops: Loops, columns: Int) throws {
    let rows = 29
    let source = Self.values(4, rows * columns).map { $0.isFinite ? $0 : 1 }
    func all(_ loops: ck_loops) -> [UInt32] {
      var sums = [Float](repeating: 7, count: rows + 3 * columns + 1)
      sums.withUnsafeMutableBufferPointer { sums in
        guard let base = sums.baseAddress else { return }
        loops.sum_rows(base, source, rows, columns)
        loops.sum_columns(base + rows, source, rows, columns, 0, columns)
        if columns.isMultiple(of: 16) {
          var doubles = (0..<columns).map { Double($0) }
          loops.add_columns(&doubles, source, rows, columns)
          for (place, sum) in doubles.enumerated() { base[rows + columns + place] = Float(sum) }
        }
        // The sums of columns again, as of any axes.
        let (extents, strides) = ([Int64(rows)], [Int64(columns)])
        extents.withUnsafeBufferPointer { extents in
          strides.withUnsafeBufferPointer { strides in
            var kept = ck_axes(rank: 0, extents: nil, strides: nil)
            var summed = ck_axes(
              rank: 1, extents: extents.baseAddress, strides: strides.baseAddress)
            loops.sum_axes(base + rows + 2 * columns, source, &kept, columns, &summed, 0, 1)
          }
        }
      }
      return sums.map(\.bitPattern)
    }
    let got = try all(loops())
    #expect(try got == all(Loops.base))
    #expect(got[rows..<rows + columns] == got[(rows + 2 * columns)..<(rows + 3 * columns)])
  }

  @Test("Random numbers and integers", arguments: Loops.all)
  func others(loops: Loops) throws {
    func all(_ loops: ck_loops) -> [UInt32] {
      let count = 1_027
      var words = [UInt32](repeating: 7, count: count)
      var uniforms = [Float](repeating: 7, count: count)
      var normals = uniforms
      loops.random_words(&words, count, 5, 6, 7, 3)
      loops.random_uniforms(&uniforms, count, 5, 6, 7, 3)
      loops.random_normals(&normals, count, 5, 6, 7, 3)
      var integers = [Int32](repeating: 7, count: Self.count)
      loops.convert_to_i32(&integers, Self.values(5).map { $0 * 1e9 }, Self.count)
      return words + Self.bits(uniforms) + Self.bits(normals)
        + integers.map { UInt32(bitPattern: $0) }
    }
    #expect(try all(loops()) == all(Loops.base))
  }
}
