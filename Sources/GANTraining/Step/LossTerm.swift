package import GANGraph

/// Something that an update's loss is a sum of.
///
/// The protocol is open: a game's own terms are values like these. A term takes items and verdicts
/// from the update, which makes each of them once however many terms look at it.
package protocol LossTerm: Sendable {
  /// What its value is called among the readings; nil reports none.
  var name: String? { get }
  /// Updates from one that has it to the next; nil where it is part of every update.
  var interval: Int? { get }
  /// Whether it takes gradients at the very items that are judged, which then must not pass the
  /// judge beside others.
  var needsGradientsAtJudgedItems: Bool { get }

  /// What it adds to the loss, `[]`, weight included.
  func value(in update: UpdateConstruction) -> Tensor
}

extension LossTerm {
  package var interval: Int? { nil }
  package var needsGradientsAtJudgedItems: Bool { false }
}
