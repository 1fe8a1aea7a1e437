/// Returns the name that was probably meant, if one is near enough.
///
/// Near is an edit distance of at most a third of the name's length. A name without its path is
/// near too: `learningRate` means `optimizer.generator.learningRate`.
package func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = name.lowercased()
  let ranked = names.map { candidate in
    let candidateName = candidate.lowercased()
    let isEnd = candidateName.hasSuffix("." + wanted)
    return (distance: isEnd ? 1 : editDistance(wanted, candidateName), name: candidate)
  }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(2, best.name.count / 3) ? best.name : nil
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
