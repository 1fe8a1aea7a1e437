/// The values in one of Python's pickles, as far as NumPy's arrays and plain values go.
///
/// A pickle is a program that builds objects of any class; here it builds lists, dictionaries and
/// arrays and can do nothing else: names of classes are compared with the few that mean those, and
/// every other one is refused.
/// - Source: Python, `Lib/pickletools.py`; NumPy, `ndarray.__reduce__`.
package enum Pickle {
  /// A value.
  package indirect enum Value {
    case none
    case integer(Int)
    case number(Double)
    case text(String)
    case bytes([UInt8])
    case sequence([Value])
    case array(NumericArray)
    /// A list or a dictionary while it is built, and what stands for a class or its instance.
    case node(Node)
  }

  /// What is changed after others refer to it; its identity is that.
  package final class Node {
    enum Content {
      case list
      case dictionary
      /// A class, by module and name.
      case name(String)
      /// A type of numbers: `u1`, and the order of their bytes.
      case type(String, order: String)
      /// An array before its contents are known.
      case emptyArray
      case array(NumericArray)
    }
    var content: Content
    /// The elements of a list, or keys and values in turn.
    var items: [Value] = []

    init(_ content: Content) { self.content = content }
  }

  /// Reads the dictionary that is a file's one value, by those keys of it that are text.
  ///
  /// Of a list among its values the elements are there, but for lists and dictionaries.
  ///
  /// - Throws: `FormatError`: `missing`; `invalid` where it is no such pickle.
  package static func dictionary(_ path: String) throws(FormatError) -> [String: Value] {
    var reader = try ByteReader(path: path)
    var machine = Machine(try reader.allBytes(upTo: byteLimit, of: .pickle))
    // Lists can lie in each other in a circle; nobody else would ever let go of them.
    defer { machine.breakCircles() }
    let value: Value
    do throws(FormatError.Fault) {
      value = try machine.run()
    } catch {
      throw FormatError(path, .corrupt(.pickle, error))
    }
    guard case .node(let node) = value, case .dictionary = node.content else {
      throw FormatError(
        path, .unsupported(.pickle, what: "a value", value: "that is no dictionary"))
    }
    var dictionary: [String: Value] = [:]
    for index in stride(from: 0, to: node.items.count - 1, by: 2) {
      guard let key = node.items[index].text else { continue }
      dictionary[key] = node.items[index + 1].withoutInnerLists
    }
    return dictionary
  }

  /// The longest pickle that is read, 1 GiB.
  private static let byteLimit = 1 << 30
}

extension Pickle.Value {
  /// The text, also of the bytes that were a string in Python 2.
  package var text: String? {
    switch self {
    case .text(let text): text
    case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// The elements of a list or a tuple.
  package var elements: [Pickle.Value]? {
    switch self {
    case .sequence(let elements): elements
    case .node(let node): if case .list = node.content { node.items } else { nil }
    default: nil
    }
  }

  /// The whole number.
  package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  /// The array, also of a list of whole numbers.
  package var array: NumericArray? {
    switch self {
    case .array(let array): return array
    case .node(let node):
      if case .array(let array) = node.content { return array }
    default: break
    }
    guard let elements else { return nil }
    let integers = elements.compactMap(\.integer)
    guard integers.count == elements.count else { return nil }
    return NumericArray(
      dimensions: [integers.count], element: .int64,
      bytes: integers.flatMap { value in
        withUnsafeBytes(of: Int64(value).littleEndian) { [UInt8]($0) }
      })
  }
}

extension Pickle.Value {
  /// The value, a list as its elements without those that are lists or dictionaries themselves.
  fileprivate var withoutInnerLists: Pickle.Value {
    guard case .node(let node) = self, case .list = node.content else { return self }
    return .sequence(
      node.items.map { element in
        guard case .node(let inner) = element else { return element }
        if case .array = inner.content { return element }
        return .none
      })
  }
}

/// The stack machine that a pickle is a program of.
private struct Machine {
  typealias Value = Pickle.Value
  typealias Failure = FormatError.Fault

  private let bytes: [UInt8]
  private var offset = 0
  private var stack: [Value] = []
  private var marks: [Int] = []
  private var memo: [Int: Value] = [:]
  private var containerCount = 0
  /// Lists and dictionaries that were made.
  private var containers: [Pickle.Node] = []
  /// Bytes of contents that may still be made of others.
  private var derivedByteAllowance: Int

  /// More lists and tuples than files of arrays have: they could lie in each other without end.
  private static let containerLimit = 1_000

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // An array's contents come once as text and once as what that encodes.
    derivedByteAllowance = 2 * bytes.count
  }

  /// Empties every list and dictionary.
  func breakCircles() {
    for container in containers { container.items = [] }
  }

  private mutating func pushContainer(_ content: Pickle.Node.Content) {
    let container = Pickle.Node(content)
    containers.append(container)
    stack.append(.node(container))
  }

  /// Refuses what is made again and again of the same bytes: a few of them would fill any memory.
  private mutating func allow(_ byteCount: Int) throws(Failure) {
    derivedByteAllowance -= byteCount
    guard derivedByteAllowance >= 0 else { throw fault("more contents than bytes") }
  }

  mutating func run() throws(Failure) -> Value {
    while true {
      guard let code = try take(1).first else { throw .decoder(message: "it ends early") }
      if code == UInt8(ascii: ".") { return try pop() }
      try step(Unicode.Scalar(code), at: offset - 1)
    }
  }

  private mutating func step(_ code: Unicode.Scalar, at place: Int) throws(Failure) {
    if "])}t\u{85}\u{86}\u{87}".unicodeScalars.contains(code) {
      containerCount += 1
      guard containerCount <= Self.containerLimit else { throw fault("too many lists") }
    }
    switch code {
    case "\u{80}": _ = try take(1)
    case "\u{95}": _ = try take(8)
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.integer(1))
    case "\u{89}": stack.append(.integer(0))
    case "K": stack.append(.integer(try length(1)))
    case "M": stack.append(.integer(try length(2)))
    case "J": stack.append(.integer(Int(Int32(truncatingIfNeeded: try length(4)))))
    case "\u{8a}": stack.append(.integer(try signedInteger(try length(1))))
    case "G":
      let pattern = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.number(Double(bitPattern: pattern)))
    case "U": stack.append(.bytes([UInt8](try take(try length(1)))))
    case "T": stack.append(.bytes([UInt8](try take(try length(4)))))
    case "C": stack.append(.bytes([UInt8](try take(try length(1)))))
    case "B": stack.append(.bytes([UInt8](try take(try length(4)))))
    case "\u{8e}", "\u{96}": stack.append(.bytes([UInt8](try take(try length(8)))))
    case "\u{8c}": stack.append(.text(try text(try length(1))))
    case "X": stack.append(.text(try text(try length(4))))
    case "\u{8d}": stack.append(.text(try text(try length(8))))
    case "]": pushContainer(.list)
    case "}": pushContainer(.dictionary)
    case ")": stack.append(.sequence([]))
    case "(": marks.append(stack.count)
    case "t": stack.append(.sequence(try popToMark()))
    case "\u{85}": stack.append(.sequence(try pop(1)))
    case "\u{86}": stack.append(.sequence(try pop(2)))
    case "\u{87}": stack.append(.sequence(try pop(3)))
    case "0": _ = try pop()
    case "a": try add(try pop(1))
    case "e": try add(try popToMark())
    case "s": try add(try pop(2))
    case "u": try add(try popToMark())
    case "q": memo[try length(1)] = try top()
    case "r": memo[try length(4)] = try top()
    case "\u{94}": memo[memo.count] = try top()
    case "h": try recall(try length(1))
    case "j": try recall(try length(4))
    case "c": try name(try line() + " " + line())
    case "\u{93}":
      let parts = try pop(2).compactMap(\.text)
      guard parts.count == 2 else { throw fault("a name that is no text") }
      try name(parts.joined(separator: " "))
    case "R":
      let arguments = try pop().elements ?? []
      stack.append(try made(by: try pop(), arguments))
    case "b":
      let state = try pop()
      try complete(try top(), state)
    default:
      throw fault("an instruction \(code.value) at offset \(place)")
    }
  }

  private func fault(_ what: String) -> Failure { .decoder(message: "the pickle has \(what)") }

  // MARK: Bytes

  private mutating func take(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count - offset else {
      throw .decoder(message: "it ends early")
    }
    offset += count
    return bytes[offset - count..<offset]
  }

  /// An unsigned integer of so many bytes; more than any length where it needs all of eight.
  private mutating func length(_ byteCount: Int) throws(Failure) -> Int {
    let bytes = try take(byteCount)
    guard bytes.dropFirst(7).allSatisfy({ $0 == 0 }) else { return .max }
    return bytes.prefix(7).littleEndianInteger
  }

  private mutating func signedInteger(_ byteCount: Int) throws(Failure) -> Int {
    let bytes = try take(byteCount)
    guard byteCount <= 8 else { throw fault("an integer of \(byteCount) bytes") }
    var value: UInt64 = (bytes.last ?? 0) > 127 ? .max : 0
    for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
    return Int(Int64(bitPattern: value))
  }

  private mutating func text(_ byteCount: Int) throws(Failure) -> String {
    String(decoding: try take(byteCount), as: UTF8.self)
  }

  private mutating func line() throws(Failure) -> String {
    guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw .decoder(message: "it ends early")
    }
    let text = String(decoding: bytes[offset..<end], as: UTF8.self)
    offset = end + 1
    return text
  }

  // MARK: The stack

  private mutating func pop() throws(Failure) -> Value { try pop(1)[0] }

  private mutating func pop(_ count: Int) throws(Failure) -> [Value] {
    guard stack.count - (marks.last ?? 0) >= count else { throw fault("too few values") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private func top() throws(Failure) -> Value {
    guard let value = stack.last else { throw fault("too few values") }
    return value
  }

  private mutating func popToMark() throws(Failure) -> [Value] {
    guard let mark = marks.popLast() else { throw fault("too few marks") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func recall(_ number: Int) throws(Failure) {
    guard let value = memo[number] else { throw fault("a reference to nothing") }
    stack.append(value)
  }

  private mutating func add(_ values: [Value]) throws(Failure) {
    guard case .node(let node) = try top() else { throw fault("an element of no list") }
    switch node.content {
    case .list: node.items += values
    case .dictionary where values.count.isMultiple(of: 2): node.items += values
    default: throw fault("an element of no list")
    }
  }

  // MARK: Arrays

  private static let arrayNames: Set = [
    "numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct",
  ]
  private static let bufferNames: Set = [
    "numpy.core.numeric _frombuffer", "numpy._core.numeric _frombuffer",
  ]
  private static let otherNames: Set = ["numpy ndarray", "numpy dtype", "_codecs encode"]

  private mutating func name(_ name: String) throws(Failure) {
    guard
      Self.arrayNames.contains(name) || Self.bufferNames.contains(name)
        || Self.otherNames.contains(name)
    else {
      throw fault("an object of \(name.prefix(100)), where arrays and plain values are read")
    }
    stack.append(.node(Pickle.Node(.name(name))))
  }

  private mutating func made(by maker: Value, _ arguments: [Value]) throws(Failure) -> Value {
    guard case .node(let node) = maker, case .name(let name) = node.content else {
      throw fault("a call of no function")
    }
    if Self.arrayNames.contains(name) { return .node(Pickle.Node(.emptyArray)) }
    switch name {
    case "numpy dtype":
      guard let type = arguments.first?.text else { throw fault("a type without a name") }
      return .node(Pickle.Node(.type(type, order: "<")))
    case "_codecs encode":
      // Bytes in a pickle that Python 2 can read.
      guard let scalars = arguments.first?.text?.unicodeScalars,
        scalars.allSatisfy({ $0.value < 256 })
      else { throw fault("bytes that are none") }
      try allow(scalars.count)
      return .bytes(scalars.map { UInt8($0.value) })
    case _ where Self.bufferNames.contains(name):
      guard arguments.count == 4, case .bytes(let bytes) = arguments[0],
        let order = arguments[3].text
      else { throw fault("an array without contents") }
      return .array(
        try array(bytes, type: arguments[1], shape: arguments[2], isFortran: order == "F"))
    default:
      throw fault("a call of \(name)")
    }
  }

  private mutating func complete(_ value: Value, _ state: Value) throws(Failure) {
    guard case .node(let node) = value, let state = state.elements else {
      throw fault("a state of nothing")
    }
    switch node.content {
    case .type(let type, _):
      guard state.count > 1, let order = state[1].text else { throw fault("a type without order") }
      node.content = .type(type, order: order)
    case .emptyArray:
      guard state.count == 5, let isFortran = state[3].integer, case .bytes(let bytes) = state[4]
      else { throw fault("an array without contents") }
      node.content = .array(
        try array(bytes, type: state[2], shape: state[1], isFortran: isFortran != 0))
    default:
      throw fault("a state of nothing")
    }
  }

  private mutating func array(
    _ bytes: [UInt8], type: Value, shape: Value, isFortran: Bool
  ) throws(Failure) -> NumericArray {
    guard case .node(let node) = type, case .type(let name, let order) = node.content,
      let element = Npy.types[name], let extents = shape.elements
    else { throw fault("an array of no numbers") }
    let dimensions = extents.compactMap(\.integer)
    guard dimensions.count == extents.count, dimensions.allSatisfy({ $0 >= 0 }),
      packedByteCount(dimensions, elementBytes: element.byteCount) == bytes.count
    else {
      throw .decoder(message: "\(bytes.count) bytes for an array of \(dimensions)")
    }
    try allow(bytes.count)
    let stored = NumericArray(
      dimensions: isFortran ? dimensions.reversed() : dimensions, element: element, bytes: bytes)
    let ordered = isFortran ? stored.transposed(stored.dimensions.indices.reversed()) : stored
    return order == ">" ? ordered.byteSwapped() : ordered
  }
}
