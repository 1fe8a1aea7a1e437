/// The names by which data sets tell pictures to train on from those that are held back.
///
/// `train` and `test` are no classes, and neither are `Training` and `Validation`, `train2017` and
/// `val2017`, `training_set` and `test_set`, `1.Training` and `2.Validation`.
enum FolderSplits {
  /// The folder of training pictures among all folders beside each other; nil where these are
  /// anything but one such and others that are held back.
  static func trainingFolder(among names: Set<String>) -> String? {
    let parts = names.map { ($0, part(of: $0)) }
    let training = parts.filter { $0.1 == .training }
    guard names.count > 1, training.count == 1, parts.allSatisfy({ $0.1 != nil }) else {
      return nil
    }
    return training[0].0
  }

  private enum Part {
    case training, heldBack
  }

  /// The part that a folder's name tells, whatever numbers and words for pictures are around it.
  private static func part(of name: String) -> Part? {
    let words = name.lowercased().split { !$0.isLetter }.map(String.init)
      .filter { !fillers.contains($0) }
    guard words.count == 1 else { return nil }
    if trainingWords.contains(words[0]) { return .training }
    return heldBackWords.contains(words[0]) ? .heldBack : nil
  }

  private static let fillers: Set = [
    "set", "data", "dataset", "images", "image", "imgs", "img", "pictures", "seg", "split",
    "samples", "files", "folder",
  ]
  private static let trainingWords: Set = ["train", "training", "trn", "trainset", "학습", "훈련"]
  private static let heldBackWords: Set = [
    "test", "testing", "tst", "testset", "val", "valid", "validation", "valset", "dev", "eval",
    "evaluation", "holdout", "heldout", "unlabeled", "unlabelled", "extra", "pred", "prediction",
    "predictions", "시험", "테스트", "검증", "평가",
  ]
}
