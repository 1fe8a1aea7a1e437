import GANRuntime
import Testing

@Suite("Control groups allow the least of what a group and those above it allow")
struct ControlGroupsTests {
  private func groups(_ files: [String: String]) -> ControlGroups {
    ControlGroups { files[$0] }
  }

  /// The threads that compute by default on so many processors.
  private func threads(on counts: [Int], _ groups: ControlGroups) -> [Int] {
    counts.map { DefaultThreads(processorCount: $0, processorQuota: groups.processorQuota).count }
  }

  @Test(
    "The number of threads says why it is what it is",
    arguments: [
      (1, nil, 1, "1 processor"), (4, nil, 4, "4 processors"), (4, 8, 4, "4 processors"),
      (4, 2.5, 2, "quota = 2.5 of 4 processors"), (2, 0.5, 1, "quota = 0.5 of 2 processors"),
      (8, 3.999, 3, "quota = 4 of 8 processors"),
    ] as [(Int, Double?, Int, String)])
  func reasons(processors: Int, quota: Double?, count: Int, words: String) {
    let threads = DefaultThreads(processorCount: processors, processorQuota: quota)
    #expect(threads.count == count && threads.description == words)
  }

  @Test("Processes: of all groups that with the fewest left")
  func processes() throws {
    let unified = groups([
      "/proc/self/cgroup": "0::/jobs/one\n",
      "/sys/fs/cgroup/pids.max": "max\n", "/sys/fs/cgroup/pids.current": "900\n",
      "/sys/fs/cgroup/jobs/pids.max": "40\n", "/sys/fs/cgroup/jobs/pids.current": "38\n",
      "/sys/fs/cgroup/jobs/one/pids.max": "20\n", "/sys/fs/cgroup/jobs/one/pids.current": "3\n",
    ])
    let limit = try #require(unified.processLimit)
    #expect(limit == (40, 38))
    let older = groups([
      "/proc/self/cgroup": "7:pids:/job\n",
      "/sys/fs/cgroup/pids/job/pids.max": "16\n", "/sys/fs/cgroup/pids/job/pids.current": "2\n",
    ])
    #expect(try #require(older.processLimit) == (16, 2))
  }

  @Test("Of the unified kind")
  func unified() {
    let groups = groups([
      "/proc/self/cgroup": "0::/jobs/one\n",
      "/sys/fs/cgroup/jobs/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/jobs/one/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/jobs/cpu.stat": "usage_usec 9\nnr_throttled 3\nthrottled_usec 1500000\n",
      "/sys/fs/cgroup/jobs/one/cpu.stat": "nr_throttled 1\nthrottled_usec 250000\n",
      "/sys/fs/cgroup/memory.max": "9000\n",
      "/sys/fs/cgroup/memory.current": "7000\n",
      "/sys/fs/cgroup/memory.stat": "anon 4000\ninactive_file 2000\nactive_file 500\n",
      "/sys/fs/cgroup/jobs/memory.max": "max\n",
      "/sys/fs/cgroup/jobs/memory.current": "6000\n",
      "/sys/fs/cgroup/jobs/one/memory.max": "12000\n",
      "/sys/fs/cgroup/jobs/one/memory.current": "8000\n",
    ])
    #expect(groups.processorQuota == 1.5)
    #expect(threads(on: [1, 2, 8], groups) == [1, 1, 1])
    #expect(groups.throttling.periods == 4 && groups.throttling.seconds == 1.75)
    #expect(groups.memoryLimitBytes == 9_000)
    // The inner group's 12,000 - 8,000; above it files of 2,500 bytes can be given up.
    #expect(groups.availableBytes == 4_000)
  }

  @Test("Of the older kind, whose numbers beyond any machine mean no limit")
  func older() {
    let groups = groups([
      "/proc/self/cgroup": "5:memory:/job\n2:cpu,cpuacct:/job\n1:name=systemd:/\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "50000\n",
      "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/job/cpu.stat":
        "nr_periods 80\nnr_throttled 7\nthrottled_time 500000000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "70000\n",
      "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": "5000\n",
      "/sys/fs/cgroup/memory/job/memory.usage_in_bytes": "4500\n",
      "/sys/fs/cgroup/memory/job/memory.stat":
        "inactive_file 1\ntotal_inactive_file 1500\ntotal_active_file 100\n",
    ])
    #expect(groups.processorQuota == 0.5)
    #expect(threads(on: [1, 8], groups) == [1, 1])
    #expect(groups.throttling.periods == 7 && groups.throttling.seconds == 0.5)
    #expect(groups.memoryLimitBytes == 5_000)
    #expect(groups.availableBytes == 2_100)
  }

  @Test(
    "What is used up, or says nothing that can be read, is no obstacle to an answer",
    arguments: [
      (["memory.max": "1000", "memory.current": "3000"], 0), (["memory.max": "1000"], 1_000),
      (["memory.max": "1000", "memory.current": "x", "memory.stat": "inactive_file"], 1_000),
      (["memory.max": "lots"], nil), ([:], nil),
    ] as [([String: String], Int?)])
  func oddities(files: [String: String], available: Int?) {
    var all = ["/proc/self/cgroup": "0::/\nnonsense\n7:pids:/job\n"]
    for (name, text) in files { all["/sys/fs/cgroup/\(name)"] = text }
    #expect(groups(all).availableBytes == available)
    #expect(groups(all).processorQuota == nil)
    #expect(threads(on: [8], groups(all)) == [8])
    #expect(groups(all).processLimit == nil)
    #expect(groups(all).throttling.periods == 0)
  }
}
