/// Returns the name that was probably meant, if one is near enough.
///
/// Near is an edit distance of at most a third of the name's length, or 2 of a longer one. A name without its path is
/// near too, and so is the beginning of one: `learningRate` means `optimizer.generator.learningRate`,
/// `dcgan` means `dcgan-28`.
package func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = name.lowercased()
  let ranked = names.map { candidate in
    let candidateName = candidate.lowercased()
    let isPart =
      candidateName.hasSuffix("." + wanted) || wanted.count > 2 && candidateName.hasPrefix(wanted)
    let distance = editDistance(wanted, candidateName)
    return (distance: isPart ? min(distance, 1) : distance, isPart: isPart, name: candidate)
  }
  let best = ranked.min { ($0.distance, $0.isPart ? 0 : 1) < ($1.distance, $1.isPart ? 0 : 1) }
  guard let best else { return nil }
  return best.distance <= min(max(2, best.name.count / 3), best.name.count - 1) ? best.name : nil
}

/// The fewest insertions, deletions and replacements of characters between two words.
///
/// - Source: Wagner, Fischer, "The String-to-String Correction Problem", 1974.
private func editDistance(_ first: String, _ second: String) -> Int {
  let letters = Array(second)
  var row = Array(0...letters.count)
  for (i, a) in first.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in letters.enumerated() {
      let replaced = diagonal + (a == b ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[letters.count]
}
