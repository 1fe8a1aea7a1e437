internal import CKernels

/// Threads that compute together with the one that calls them; they end with their team, which is its
/// identity.
final class ThreadTeam {
  private let team: OpaquePointer

  /// Starts a team, and leaves room for threads that are not the engine's.
  ///
  /// - Parameter threadCount: Its threads, the caller's among them; at least 1.
  /// - Throws: `RuntimeError.threads` where the system has no room for both.
  init(threadCount: Int) throws(RuntimeError) {
    let others = ProcessRoom.lateThreadCount
    guard let team = ck_team_create(Int32(clamping: threadCount)) else {
      throw ProcessRoom.refusal(of: threadCount - 1 + others, computing: threadCount)
    }
    self.team = team
    // From here on `deinit` ends the team. Without helpers there is as much room as before.
    if threadCount > 1 { try ProcessRoom.require(others, computing: threadCount) }
  }

  deinit { ck_team_destroy(team) }

  /// Has the calling thread's kernels shared by this team from now on.
  func use() { ck_team_use(team) }
}
