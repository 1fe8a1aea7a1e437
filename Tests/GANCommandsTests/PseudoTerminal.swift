#if os(Linux)
  import Foundation
  import Testing

  /// The program in a terminal of its own, and what the terminal shows.
  ///
  /// Its identity is the process, which ends with it.
  final class PseudoTerminal {
    private(set) var screen: Screen
    let process: pid_t
    private let master: Int32
    private var bytes: [UInt8] = []
    private var status: Int32?

    /// Starts the program in a folder, as the leader of the terminal's session: control characters
    /// sent to the terminal become signals.
    init(
      _ arguments: [String], in folder: String, columns: Int = 80, rows: Int = 24,
      environment: [String: String] = [:]
    ) throws {
      screen = Screen(columns: columns, rows: rows)
      // What `posix_openpt`, `unlockpt` and `ptsname` do; Glibc's module lacks them.
      master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      var (lock, number): (Int32, UInt32) = (0, 0)
      let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
      try #require(ioctl(master, unlock, &lock) == 0 && ioctl(master, getNumber, &number) == 0)
      var size = winsize(
        ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
      try #require(ioctl(master, UInt(TIOCSWINSZ), &size) == 0)

      var inherited = ProcessInfo.processInfo.environment
      for name in ["COLUMNS", "COLORTERM", "NO_COLOR", "CLICOLOR_FORCE", "GAN_EXPLAIN", "LC_ALL"] {
        inherited[name] = nil
      }
      inherited["TERM"] = "xterm-256color"
      inherited["LANG"] = "C.UTF-8"
      process = try Self.spawn(
        ["/usr/bin/env", "--chdir", folder, Program.executable.path()] + arguments,
        terminal: "/dev/pts/\(number)", environment: inherited.merging(environment) { $1 })
    }

    deinit {
      if status == nil {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
      }
      close(master)
    }

    private static func spawn(
      _ words: [String], terminal: String, environment: [String: String]
    ) throws -> pid_t {
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      // The first terminal that the leader of a session opens becomes the session's.
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)

      var attributes = posix_spawnattr_t()
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      // The tests may run where somebody ignores or blocks the signals they send.
      var (defaults, mask) = (sigset_t(), sigset_t())
      sigemptyset(&mask)
      sigfillset(&defaults)
      posix_spawnattr_setsigdefault(&attributes, &defaults)
      posix_spawnattr_setsigmask(&attributes, &mask)
      // A session of its own; Glibc's module lacks POSIX_SPAWN_SETSID.
      let flags = 0x80 | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
      posix_spawnattr_setflags(&attributes, Int16(flags))

      var process = pid_t()
      var arguments = words.map { strdup($0) } + [nil]
      var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
      defer { for text in arguments + variables { free(text) } }
      try #require(
        posix_spawn(&process, words[0], &actions, &attributes, &arguments, &variables) == 0)
      return process
    }

    /// Types a control character, `C` for Ctrl-C, once everything written has been read: a terminal
    /// throws away what its reader has not taken when somebody presses Ctrl-C.
    func type(control letter: Character) {
      drain()
      var byte = (letter.asciiValue ?? 0) & 0x1F
      write(master, &byte, 1)
    }

    /// Everything the program wrote.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the process is stopped.
    var isStopped: Bool {
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      return status?.split(separator: ")").last?.hasPrefix(" T ") == true
    }

    /// Lets somebody else write on the terminal.
    func intrude(_ text: String) { screen.write(text.utf8) }

    /// Reads until something is true of the terminal.
    ///
    /// - Returns: Whether it became true before the program ended; or hung, which nothing but its
    ///   silence shows.
    func wait(until isTrue: (PseudoTerminal) -> Bool) -> Bool {
      let deadline = ContinuousClock().now + Program.patience
      while !isTrue(self) {
        guard ContinuousClock().now < deadline, status == nil else { return false }
        read(milliseconds: 20)
      }
      return true
    }

    /// Reads what has been written.
    func drain() { while status == nil && read(milliseconds: 0) {} }

    /// Reads until the program has ended.
    ///
    /// - Returns: Its exit status; 1000 and the signal's number where one killed it.
    func finish() throws -> Int32 {
      try #require(wait { $0.status != nil })
      return try #require(status)
    }

    /// Reads once, waiting for so long; whether there was anything.
    @discardableResult
    private func read(milliseconds: Int32) -> Bool {
      if readWhatIsThere(milliseconds: milliseconds) { return true }
      var code: Int32 = 0
      if waitpid(process, &code, WNOHANG) == process {
        // Its last words may have come since.
        while readWhatIsThere(milliseconds: 0) {}
        status = code & 0x7F == 0 ? code >> 8 & 0xFF : 1_000 + code & 0x7F
      }
      return false
    }

    private func readWhatIsThere(milliseconds: Int32) -> Bool {
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      if poll(&ready, 1, milliseconds) > 0 {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(master, &buffer, buffer.count)
        if count > 0 {
          screen.write(buffer.prefix(count))
          bytes += buffer.prefix(count)
          return true
        }
      }
      return false
    }
  }
#endif
