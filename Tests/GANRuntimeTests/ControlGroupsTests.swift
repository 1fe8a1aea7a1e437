import GANRuntime
import Testing

@Suite("Control groups allow the least of what a group and those above it allow")
struct ControlGroupsTests {
  private func groups(_ files: [String: String]) -> ControlGroups {
    ControlGroups { files[$0] }
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
    #expect([1, 2, 8].map(groups.threadCount) == [1, 1, 1])
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
    #expect([1, 8].map(groups.threadCount) == [1, 1])
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
    #expect(groups(all).threadCount(on: 8) == 8)
    #expect(groups(all).throttling.periods == 0)
  }
}
