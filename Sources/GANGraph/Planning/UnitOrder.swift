/// A topological order of units that stays valid while units merge or must wait for others.
///
/// A search for a path between two units visits only the units between them in the order, so that
/// it takes as long as that stretch, not as long as the graph.
///
/// - Source: the bounded search is that of Pearce & Kelly, "A dynamic topological sort algorithm for
///   directed acyclic graphs", 2006; departure: the whole stretch moves, not the units found alone.
struct UnitOrder {
  /// Units looked at or moved so far, for tests.
  private(set) var visitCount = 0
  private var positions: [Int]
  /// The unit at each position; `nil` where it has merged with another.
  private var units: [Int?]
  /// The number of the search that found each unit last.
  private var lastSearch: [Int]
  private var searchCount = 0

  /// The units 0, 1, … in this order, each of which depends on earlier ones only.
  init(count: Int) {
    positions = Array(0..<count)
    units = Array(0..<count)
    lastSearch = Array(repeating: 0, count: count)
  }

  /// True if one unit stands before another, and so does not depend on it.
  func isBefore(_ unit: Int, _ other: Int) -> Bool { positions[unit] < positions[other] }

  /// The units behind the first of `goals` that are among `starts` or dependencies of those; `nil`
  /// if one of `goals` is.
  ///
  /// - Complexity: The dependencies of the units that are returned.
  mutating func search(
    from starts: [Int], for goals: [Int], dependencies: (Int) -> [Int]
  ) -> [Int]? {
    searchCount += 1
    let first = goals.reduce(Int.max) { min($0, positions[$1]) }
    var found: [Int] = []
    /// Returns true if a unit is a goal.
    func look(at unit: Int) -> Bool {
      visitCount += 1
      guard positions[unit] >= first, lastSearch[unit] != searchCount else { return false }
      lastSearch[unit] = searchCount
      if goals.contains(unit) { return true }
      found.append(unit)
      return false
    }
    for start in starts where look(at: start) { return nil }
    var next = 0
    while next < found.count {
      for dependency in dependencies(found[next]) where look(at: dependency) { return nil }
      next += 1
    }
    return found
  }

  /// Merges units into one of them, or keeps a single one, behind the result of a search for them.
  ///
  /// - Parameters:
  ///   - merged: Units, `unit` among them, that no path by way of another connects.
  ///   - found: The result of the search that started at the units that must come before them.
  /// - Complexity: The stretch of the order from the first of all these to the last.
  mutating func merge(_ merged: [Int], into unit: Int, behind found: [Int]) {
    let first = merged.reduce(Int.max) { min($0, positions[$1]) }
    let last = (merged + found).reduce(0) { max($0, positions[$1]) }
    for other in merged { units[positions[other]] = nil }
    guard !found.isEmpty else {
      (units[first], positions[unit]) = (unit, first)
      return
    }
    visitCount += last - first
    let isFound = Set(found)
    let others = units[first...last].compactMap(\.self)
    let sorted = others.filter(isFound.contains) + [unit] + others.filter { !isFound.contains($0) }
    for position in first...last {
      let offset = position - first
      units[position] = offset < sorted.count ? sorted[offset] : nil
      if offset < sorted.count { positions[sorted[offset]] = position }
    }
  }
}
