/// The revision of all code that decides the bits of a program's results.
package enum EngineRevision {
  /// Raised by every change after which the same program, on the same processor and number of
  /// threads, gives any other bit: a kernel, a plan, the order of a sum. Runs record it, and one of
  /// another revision does not go on to the same bits.
  package static let current = 1
}
