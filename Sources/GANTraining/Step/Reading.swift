/// A number that a step says of itself.
package struct Reading: Hashable, Sendable {
  /// What it is called: `<update>.<what>`, such as `discriminator.realScore`.
  package let name: String
  /// The graph's output that holds it, `float32 []`; of a step's updates on several batches, that of
  /// the last.
  package let output: String
}
