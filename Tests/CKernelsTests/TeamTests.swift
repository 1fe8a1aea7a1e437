import CKernels
import Testing

/// One after another: a team is the calling thread's until another takes its place.
@Suite("The team runs every member once", .serialized)
struct TeamTests {
  /// Members' counts of their visits; one slot a member, so that no two write the same address.
  private func visits(of asked: Int32) -> [Int32] {
    var visits = [Int32](repeating: 0, count: max(1, Int(asked)))
    visits.withUnsafeMutableBytes { slots in
      ck_team_run(
        { context, member, members in
          let slots = context?.assumingMemoryBound(to: Int32.self)
          slots?[Int(member)] += members
        }, slots.baseAddress, asked)
    }
    return visits
  }

  /// More members than threads too, and no team at all: each still runs.
  @Test(arguments: [0, 1, 2, 3, 7, 64])
  func eachMemberRunsOnce(asked: Int32) throws {
    let members = max(1, asked)
    let expected = [Int32](repeating: members, count: Int(members))
    #expect(visits(of: asked) == expected)
    for threads in [1, 2, 5] as [Int32] {
      let team = try #require(ck_team_create(threads))
      ck_team_use(team)
      defer {
        ck_team_use(nil)
        ck_team_destroy(team)
      }
      #expect(visits(of: asked) == expected)
    }
  }

  /// Shares are taken over, threads fall asleep and wake: none is lost or done twice.
  @Test func manyPiecesOfWorkAreEachDoneOnce() throws {
    let team = try #require(ck_team_create(4))
    ck_team_use(team)
    defer {
      ck_team_use(nil)
      ck_team_destroy(team)
    }
    for round in 0..<20_000 {
      let members = Int32(round % 5 + 1)
      try #require(visits(of: members) == [Int32](repeating: members, count: Int(members)))
    }
  }

  @Test func aTeamsThreadsEndWithIt() throws {
    let before = ck_team_thread_count()
    let team = try #require(ck_team_create(3))
    #expect(ck_team_thread_count() == before + 2)
    ck_team_destroy(team)
    #expect(ck_team_thread_count() == before)
  }

  @Test func peakIsThatOfAProcessor() {
    #expect(ck_processor_count() >= 1)
    // From one scalar operation every few cycles to far beyond any core's vector units.
    let flops = ck_peak_flops_window(1, 0.002, CK_FLOAT32)
    #expect((1e8...1e13).contains(flops), "\(flops) a second")
  }
}
