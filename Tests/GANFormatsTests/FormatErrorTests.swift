import GANFormats
import Testing

@Suite("Errors name the file, the fault and the values")
struct FormatErrorTests {
  typealias Reason = FormatError.Reason

  @Test(arguments: [
    (Reason.notFound, FormatError.Kind.missing, "no such file or folder: a/b"),
    (.notRegularFile, .missing, "not a file: a/b"),
    (.notFolder, .missing, "not a folder: a/b"),
    (.unreadable(code: 13), .missing, "cannot read a/b: Permission denied"),
    (.unwritable(code: 28), .unwritable, "cannot write a/b: No space left on device"),
    (
      .noneFound(names: ["x", "x.gz"], folders: ["a/b", "a/b/raw"]), .missing,
      "found neither x nor x.gz in a/b (looked in a/b, a/b/raw)"
    ),
    (
      .noneReadable(["not a file: x.png", "not a file: y.png"], count: 2), .missing,
      "none of the 2 pictures in a/b can be read"
    ),
    (
      .foreign(.idx, leadingBytes: [0x1f, 0x8b, 8, 8]), .invalid,
      "file is not IDX: a/b (bytes 00-03 are 1f 8b 08 08)"
    ),
    (.foreign(.idx, leadingBytes: []), .invalid, "file is not IDX: a/b (it is empty)"),
    (.foreignPicture(.heic), .invalid, "HEIC pictures are not read: a/b"),
    (
      .truncated(.safetensors, neededBytes: 20, foundBytes: 8), .invalid,
      "safetensors file is truncated: a/b (needs 20 bytes, has 8)"
    ),
    (
      .trailing(.npy, excessBytes: 3), .invalid,
      "npy file is too long: a/b (at least 3 bytes too many)"
    ),
    (
      .unsupported(.idx, what: "element type", value: "0x0d"), .invalid,
      "IDX file is not supported: a/b (element type 0x0d)"
    ),
    (
      .corrupt(.safetensors, .misplaced(tensor: "0.bias", expectedOffset: 24, foundOffset: 28)),
      .invalid,
      "safetensors file is corrupt: a/b (tensor 0.bias should begin at 24, begins at 28)"
    ),
    (
      .corrupt(.safetensors, .classNames(count: 300, allowed: 3...256)), .invalid,
      "safetensors file is corrupt: a/b (300 class names, where its labels need 3 to 256)"
    ),
    (
      .corrupt(.safetensors, .classNames(count: 2, allowed: nil)), .invalid,
      "safetensors file is corrupt: a/b (2 class names, but no labels)"
    ),
  ])
  func textAndKindFollowFromTheReason(reason: Reason, kind: FormatError.Kind, text: String) {
    let error = FormatError("a/b", reason)
    #expect(error.kind == kind)
    #expect(error.description == text)
  }
}
