package import GANGraph
package import GANTensor

/// A program prepared for a device.
///
/// Its identity is its working memory. It belongs to the thread of its device. Inputs and outputs are
/// looked up once, by name; writing, running and reading then allocate nothing.
package protocol Executable: AnyObject {
  /// Bytes of working memory of its own, apart from the state; none where it is another's.
  var arenaBytes: Int { get }

  /// An input by its name.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  func input(_ name: String) throws(RuntimeError) -> InputPlace

  /// An output by its name.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  func output(_ name: String) throws(RuntimeError) -> OutputPlace

  /// Copies elements to the start of an input. A run may overwrite its inputs: write them before
  /// each.
  ///
  /// - Parameter bytes: Packed elements of the input's type, not more than it has.
  func write(_ bytes: RawSpan, to input: InputPlace)

  /// Computes once: inputs and state in, outputs and state out. Allocates nothing of ours on devices
  /// that are made to be fast.
  func run()

  /// The first element of a `float32` output, as the last run left it.
  func float(_ output: OutputPlace) -> Float

  /// A copy of an output, as the last run left it.
  func tensor(_ output: OutputPlace) -> HostTensor

  /// Takes the time of every kernel in every run from now on.
  func beginProfile()

  /// The profile of each kernel, in order; empty if no run was profiled.
  var profile: [KernelProfile] { get }
}

/// An input of one executable.
package struct InputPlace: Hashable, Sendable {
  package let type: TensorType
  /// Its index in its executable.
  package let index: Int

  package init(type: TensorType, index: Int) {
    self.type = type
    self.index = index
  }
}

/// An output of one executable.
package struct OutputPlace: Hashable, Sendable {
  package let type: TensorType
  /// Its index in its executable.
  package let index: Int

  package init(type: TensorType, index: Int) {
    self.type = type
    self.index = index
  }
}

extension Executable {
  /// Copies elements to the start of an input.
  package func write<Element: BitwiseCopyable>(_ elements: [Element], to input: InputPlace) {
    // Not through `span`: built for release, a span of an array that nobody else holds outlives it.
    elements.withUnsafeBytes { write($0.bytes, to: input) }
  }

  /// Copies elements to the start of an input.
  package func write<Element: BitwiseCopyable>(
    _ elements: ArraySlice<Element>, to input: InputPlace
  ) {
    elements.withUnsafeBytes { write($0.bytes, to: input) }
  }

  /// Copies a tensor to an input.
  ///
  /// - Throws: `RuntimeError` where there is none by that name, or it has another type.
  package func write(_ tensor: HostTensor, to name: String) throws(RuntimeError) {
    let input = try input(name)
    let got = TensorType(tensor.shape, tensor.elementType)
    guard input.type == got else {
      throw .mismatch(name: name, expected: "\(input.type)", got: "\(got)")
    }
    write(tensor.bytes, to: input)
  }

  /// A copy of an output.
  ///
  /// - Throws: `RuntimeError.unknown` where there is none by that name.
  package func tensor(_ name: String) throws(RuntimeError) -> HostTensor {
    tensor(try output(name))
  }
}
