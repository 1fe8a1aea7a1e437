#if os(Linux)
  import Foundation
#endif

/// Has threads that wait for each other sleep soon: starts the program again, once, with
/// `GOMP_SPINCOUNT` set.
///
/// The teams of oneDNN and of our kernels are those of GCC's OpenMP, whose waiting threads spin for
/// milliseconds. Where processors are shared, they so keep away the very thread they wait for. The
/// library reads its environment before `main` runs, so it is too late to change it here.
///
/// What the user decided about waiting stays; where the program cannot be started again, it goes on.
/// To be called before there are other threads.
package func limitSpinning() {
  #if os(Linux)
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil,
      // Not the link itself: processes are listed by the last part of what was started.
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    // 30 to 100 microseconds: longer than most waits of a step, shorter than a turn on a processor.
    setenv("GOMP_SPINCOUNT", "2000", 1)
    execv(program, CommandLine.unsafeArgv)
    unsetenv("GOMP_SPINCOUNT")
  #endif
}
