import CKernels
import Testing

@Suite("The team runs every member once")
struct TeamTests {
  /// More members than processors too: each still runs.
  @Test(arguments: [0, 1, 2, 3, 7, 64])
  func eachMemberRunsOnce(asked: Int32) {
    let members = max(1, Int(asked))
    // One slot a member, so that no two write the same address.
    var visits = [Int32](repeating: 0, count: members)
    visits.withUnsafeMutableBytes { slots in
      ck_team_run(
        { context, member, members in
          let slots = context?.assumingMemoryBound(to: Int32.self)
          slots?[Int(member)] += members
        }, slots.baseAddress, asked)
    }
    #expect(visits == [Int32](repeating: Int32(members), count: members))
  }

  @Test func peakIsThatOfAProcessor() {
    #expect(ck_processor_count() >= 1)
    // From one scalar operation every few cycles to far beyond any core's vector units.
    let flops = ck_peak_flops_window(1, 0.002)
    #expect((1e8...1e13).contains(flops), "\(flops) a second")
  }
}
