import GANFormats
import GANTensor
import Testing

@Suite("Contradictory safetensors files are refused by name")
struct SafetensorsRefusalTests {
  typealias Reason = FormatError.Reason
  typealias Fault = FormatError.Fault

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reason(header: String, data: [UInt8] = []) throws -> Reason? {
    let path = try folder.file("file", SafetensorsTests.file(header: header, data: data))
    let error = #expect(throws: FormatError.self, "\(header)") {
      try SafetensorsFile(contentsOf: path)
    }
    return error?.reason
  }

  static let one = #""a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}"#

  @Test(
    arguments: [
      (
        #"{\#(one),"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, .duplicateKey("a")
      ),
      (
        #"{"a":{"dtype":"U8","dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
        .duplicateKey("dtype")
      ),
      (#"{"__metadata__":{"k":"1","\u006b":"2"}}"#, .duplicateKey("k")),
      (#"{"__metadata__":{},"__metadata__":{}}"#, .duplicateKey("__metadata__")),
      (#"{"a":{"shape":[2],"data_offsets":[0,2]}}"#, .missingField(tensor: "a", field: "dtype")),
      (#"{"a":{"dtype":"U8","data_offsets":[0,2]}}"#, .missingField(tensor: "a", field: "shape")),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0]}}"#,
        .missingField(tensor: "a", field: "data_offsets of two numbers")
      ),
      (#"{"a":{"dtype":"U8","scale":[2]}}"#, .unknownField(tensor: "a", field: "scale")),
      (
        #"{"a":{"dtype":"I32","shape":[2],"data_offsets":[0,2]}}"#,
        .sizeMismatch(tensor: "a", neededBytes: 8, givenBytes: 2)
      ),
      (
        #"{\#(one),"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        .misplaced(tensor: "b", expectedOffset: 2, foundOffset: 1)
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        .misplaced(tensor: "a", expectedOffset: 0, foundOffset: 1)
      ),
      (
        #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,-2]}}"#,
        .syntax(offset: 49, expected: "an unsigned integer")
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#,
        .sizeOverflow(dimensions: [4_294_967_296, 4_294_967_296, 0])
      ),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}"#,
        .sizeOverflow(dimensions: [4_611_686_018_427_387_904])
      ),
      (#"{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, .notBoolean(tensor: "a")),
    ] as [(String, Fault)])
  func contradictionsAreNamed(header: String, fault: Fault) throws {
    #expect(try reason(header: header, data: [1, 2]) == .corrupt(.safetensors, fault))
  }

  @Test(arguments: [
    ("", 0, "an opening brace"),
    (" []", 1, "an opening brace"),
    ("[]", 0, "an opening brace"),
    ("{", 1, "a string"),
    ("{}{", 2, "its end"),
    (#"{"a"}"#, 4, "a colon"),
    (#"{"a":1}"#, 5, "an opening brace"),
    (#"{"a"#, 3, "a closing quotation mark"),
    (#"{\#(one)"#, 52, "a comma or a closing brace"),
    (#"{\#(one),}"#, 53, "a string"),
    (#"{"__metadata__":{"a":1}}"#, 21, "a string"),
    (#"{"__metadata__":nul}"#, 16, "an opening brace"),
    (#"{"__metadata__":{"\q":"1"}}"#, 20, "a known escape"),
    (#"{"__metadata__":{"\u12g4":""}}"#, 22, "four hexadecimal digits"),
    (#"{"__metadata__":{"\ud800x":""}}"#, 24, "a trailing surrogate"),
    (#"{"__metadata__":{"\udc00":""}}"#, 24, "a leading surrogate"),
    ("{\"__metadata__\":{\"\n\":\"\"}}", 18, "an escape instead of a control character"),
    (#"{"a":{"shape":[01]}}"#, 17, "an unsigned integer"),
    (#"{"a":{"shape":[1.5]}}"#, 16, "a comma or a closing bracket"),
    (#"{"a":{"shape":[9223372036854775808]}}"#, 33, "an integer of 63 bits"),
  ])
  func syntaxErrorsAreNamedWithTheirPlace(header: String, offset: Int, expected: String) throws {
    let fault = Fault.syntax(offset: offset, expected: expected)
    #expect(try reason(header: header) == .corrupt(.safetensors, fault))
  }

  @Test(arguments: ["BF16", "F64", "f32", ""])
  func otherTypesAreRefusedByName(typeName: String) throws {
    let header = #"{"a":{"dtype":"\#(typeName)","shape":[1],"data_offsets":[0,2]}}"#
    #expect(
      try reason(header: header, data: [0, 0])
        == .unsupported(.safetensors, what: "type of tensor a", value: typeName))
  }

  @Test func tensorsBeyondTheEndAreRefusedHoweverFar() throws {
    let far = Int.max
    let header = #"{"a":{"dtype":"U8","shape":[\#(far)],"data_offsets":[0,\#(far)]}}"#
    #expect(
      try reason(header: header, data: [1, 2])
        == .truncated(.safetensors, neededBytes: far, foundBytes: 2))
  }

  @Test func namesThatAreNotUTF8AreRefused() throws {
    let header = [UInt8]("{\"".utf8) + [0xff] + [UInt8]("\":{}}".utf8)
    let path = try folder.file("file", littleEndian(UInt64(header.count)) + header)
    let fault = Fault.syntax(offset: 4, expected: "a string in UTF-8")
    #expect(throws: FormatError(path, .corrupt(.safetensors, fault))) {
      try SafetensorsFile(contentsOf: path)
    }
  }

  @Test func headersBeyondTheLimitOrTheFileAreRefused() throws {
    let lengths: [(UInt64, Reason)] = [
      (3, .truncated(.safetensors, neededBytes: 11, foundBytes: 10)),
      (100_000_000, .truncated(.safetensors, neededBytes: 100_000_008, foundBytes: 10)),
      (
        100_000_001,
        .corrupt(.safetensors, .headerTooLong(byteCount: 100_000_001, limit: 100_000_000))
      ),
      (.max, .corrupt(.safetensors, .headerTooLong(byteCount: .max, limit: 100_000_000))),
    ]
    for (length, reason) in lengths {
      let path = try folder.file("file", littleEndian(length) + [UInt8]("{}".utf8))
      #expect(throws: FormatError(path, reason)) { try SafetensorsFile(contentsOf: path) }
    }
  }

  @Test func spacesBetweenAndAfterTokensAreNoFault() throws {
    let header =
      "{ \"a\" : { \"dtype\":\"U8\",\n\"shape\": [ 2 ],\t\"data_offsets\":[ 0 , 2 ]\r} } \n"
    let path = try folder.file("file", SafetensorsTests.file(header: header, data: [8, 9]))
    #expect(try SafetensorsFile(contentsOf: path)["a"]?.bytes == [8, 9])
    let empty = try folder.file("empty", SafetensorsTests.file(header: "{}"))
    #expect(try SafetensorsFile(contentsOf: empty).entries.isEmpty)
  }

  @Test(
    "What the reference reads is read",
    arguments: [
      " \n{\(one)}", "{\"__metadata__\":null,\(one)}", "{\(one),\(one)}", "{\(one)}  \n",
    ])
  func referenceReads(header: String) throws {
    let path = try folder.file("file", SafetensorsTests.file(header: header, data: [8, 9]))
    let file = try SafetensorsFile(contentsOf: path)
    #expect(file.entries.map(\.name) == ["a"] && file["a"]?.bytes == [8, 9])
    #expect(file.metadata.isEmpty)
  }
}
