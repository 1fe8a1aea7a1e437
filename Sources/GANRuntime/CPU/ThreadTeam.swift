internal import CKernels

/// Threads that compute together with the one that calls them; they end with their team, which is its
/// identity.
final class ThreadTeam {
  private let team: OpaquePointer

  /// Starts a team.
  ///
  /// - Parameter threadCount: Its threads, the caller's among them; at least 1.
  /// - Throws: `RuntimeError.threads` where the system gives no more threads.
  init(threadCount: Int) throws(RuntimeError) {
    var reason: UnsafePointer<CChar>?
    guard let team = ck_team_create(Int32(clamping: threadCount), &reason) else {
      throw .threads(asked: threadCount, reason: reason.map { String(cString: $0) } ?? "")
    }
    self.team = team
  }

  deinit { ck_team_destroy(team) }

  /// Has the calling thread's kernels shared by this team from now on.
  func use() { ck_team_use(team) }
}
