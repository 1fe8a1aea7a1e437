internal import CKernels

/// Threads that share the loops of one calculation, which they end with.
///
/// No result depends on their number: what they share are pieces whose results do not.
struct Team {
  /// The threads, the caller's among them.
  let memberCount: Int

  /// Runs work with a team for its loops.
  ///
  /// The thread's own team, if it has one, is its own again afterwards. Where the system gives no
  /// more threads the caller does every share.
  ///
  /// - Parameter threads: How many, the caller's among them; at least 1.
  static func with<Result, Failure: Error>(
    _ threads: Int, _ body: (Team) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(threads > 0, "\(threads) threads can do nothing")
    let previous = ck_team_current()
    let team = threads > 1 ? ck_team_create(Int32(clamping: threads)) : nil
    ck_team_use(team)
    defer {
      ck_team_use(previous)
      ck_team_destroy(team)
    }
    return try body(Team(memberCount: threads))
  }

  /// Runs a body once for each member.
  func run(_ body: (_ member: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { body in
        ck_team_run(
          { context, member, _ in
            context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(member))
          }, body, Int32(clamping: memberCount))
      }
    }
  }

  /// Runs a body for each piece below `count`; member `m` has the pieces `m`, `m + memberCount`, ...
  func run(pieces count: Int, _ body: (_ piece: Int, _ member: Int) -> Void) {
    run { member in
      for piece in stride(from: member, to: count, by: memberCount) { body(piece, member) }
    }
  }
}

/// Lends memory, whose contents are whatever was there.
func withScratch<Element: BitwiseCopyable, Result>(
  of type: Element.Type, count: Int, _ body: (UnsafeMutablePointer<Element>) -> Result
) -> Result {
  let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
  defer { memory.deallocate() }
  return body(memory)
}
