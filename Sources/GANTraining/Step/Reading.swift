/// A number that a step reports.
package struct Reading: Hashable, Sendable {
  /// Its name: `<update>.<what>`, such as `discriminator.realScore`.
  package let name: String
  /// The graph's output that holds it, `float32 []`; of a step's updates on several batches, that of
  /// the last.
  package let output: String
}
