package import GANGraph

/// A term of an update's loss.
///
/// The protocol is open: a game's own terms are values like these. A term takes items and verdicts
/// from the update, which makes each of them once for all terms.
package protocol LossTerm: Sendable {
  /// The name of its value among the readings; nil reports none.
  var name: String? { get }
  /// Updates from one that has it to the next; nil where it is part of every update.
  var interval: Int? { get }
  /// True if it takes gradients at the very items that are judged, which then must not pass the
  /// judge beside others.
  var needsGradientsAtJudgedItems: Bool { get }

  /// Its value in the loss, `[]`, weight included.
  func value(in update: UpdateConstruction) -> Tensor
}

extension LossTerm {
  package var interval: Int? { nil }
  package var needsGradientsAtJudgedItems: Bool { false }
}
