/// The revision of all code that decides the bits of a program's results.
package enum EngineRevision {
  /// Raised by every change after which the same program gives any other bit: a kernel, a plan, the
  /// order of a sum. Runs record it, and one of another revision does not go on to the same bits,
  /// unless it is known that nothing changed for runs of its options.
  ///
  /// - 2: with several discriminator updates a step, an epoch's remainder is the first batch of the
  ///   last step, no longer the last one and the generator's.
  /// - 3: products and convolutions are added up by the engine's own core, in one order: every run.
  /// - 4: convolutions of 4 x 4 windows at stride 2 are computed by minimal filtering: DCGANs.
  /// - 5: so are those of 3 x 3 windows at stride 1, and their gradients in images: residual networks.
  package static let current = 5
}
