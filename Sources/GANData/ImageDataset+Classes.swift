extension ImageDataset {
  /// The name of a class: that in `classNames`, else its number.
  package func className(_ label: Int) -> String {
    guard let classNames, label < classNames.count else { return "\(label)" }
    return classNames[label]
  }

  /// True at the number of each class that some image has; empty where the data tell no classes.
  private var occurrences: [Bool] {
    guard let labels else { return [] }
    var occur = [Bool](repeating: false, count: classCount ?? 0)
    for label in labels { occur[Int(label)] = true }
    return occur
  }

  /// Names of the classes that no image has, in order.
  package var emptyClasses: [String] {
    occurrences.enumerated().filter { !$1 }.map { className($0.offset) }
  }

  /// The same images where no class is without one.
  ///
  /// The classes that occur are numbered anew, in their order, and keep their names; one without a
  /// name is called by the number that it had. Nothing changes where all occur.
  package func withoutEmptyClasses() -> ImageDataset {
    let occur = occurrences
    guard let labels, occur.contains(false) else { return self }
    var numbers = [UInt8](repeating: 0, count: occur.count)
    var names: [String] = []
    for label in occur.indices where occur[label] {
      numbers[label] = UInt8(names.count)
      names.append(className(label))
    }
    return ImageDataset(
      name: name, imageShape: imageShape, storage: storage, labels: labels.map { numbers[Int($0)] },
      classNames: names, assumptions: assumptions)
  }
}
