#if os(Linux)
  import Foundation
#endif

/// Shortens the spinning of threads that wait for each other: starts the program again, once, with
/// `GOMP_SPINCOUNT` set.
///
/// The teams of oneDNN and of our kernels are those of GCC's OpenMP, whose waiting threads spin for
/// milliseconds. On shared processors they so keep away the very thread they wait for. The library
/// reads its environment before `main` runs, so it is too late to change it here.
///
/// The user's own setting stays; if the program cannot be started again, it goes on. To be called
/// before there are other threads.
package func limitSpinning() {
  #if os(Linux)
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil,
      // Not the link itself: a process list shows the last part of the started path.
      let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return }
    // 30 to 100 microseconds: longer than most waits of a step, shorter than a turn on a processor.
    setenv("GOMP_SPINCOUNT", "2000", 1)
    execv(program, CommandLine.unsafeArgv)
    unsetenv("GOMP_SPINCOUNT")
  #endif
}
