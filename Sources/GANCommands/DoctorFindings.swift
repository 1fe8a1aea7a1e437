import Foundation
import GANData
import GANFormats
import GANRuntime
import GANTraining

/// All findings of `gan doctor`, in the order in which it prints them.
struct DoctorFindings {
  let machine = MachineFacts()
  let environment: [String: String]
  let runsDir: String

  /// Bytes a run of the tutorial leaves, rounded up: 23 checkpoints, 200 pictures.
  private static let runBytes = 200_000_000
  /// Bytes of memory that training takes, the data included, rounded up.
  private static let trainingBytes = 200_000_000

  var all: [Finding] {
    [processor, instructions, processors, threads, load, memory, libraries, ranks] + disks + [
      data, terminal, options,
    ]
  }

  // MARK: The machine

  private var processor: Finding {
    let features = machine.processorFeatures
    let words = features.isEmpty ? "" : ": " + features.joined(separator: ", ")
    let isSlow = !features.isEmpty && !features.contains("AVX2") && !features.contains("Neon")
    return Finding(
      "processor", Processor.name + words,
      help: isSlow ? "without AVX2 a step takes several times as long" : nil)
  }

  private var instructions: Finding {
    let names = InstructionSet.available.map(\.rawValue).reversed().joined(separator: ", ")
    do {
      try InstructionSet.checkLimit()
    } catch {
      let known = description(of: error)
      return Finding(
        "instructions", known?.message ?? "\(error)", isBad: true, help: known?.help)
    }
    let active = InstructionSet.active.rawValue
    return Finding(
      "instructions", InstructionSet.isLimited ? "\(active), of \(names)" : active,
      help: InstructionSet.isLimited
        ? "unset \(InstructionSet.limitVariable) for the processor's best" : nil)
  }

  private var processors: Finding {
    let (count, all) = (CPUDevice.processorCount, ProcessInfo.processInfo.processorCount)
    let quota = machine.processorQuota
    let granted = quota.map { String(format: ", time of %.1f granted", $0) } ?? ""
    // What is wrong with the variables is a finding of its own.
    let asked = try? OptionSettings(OptionAssignment.all(in: environment))
    let threads = asked?.options.threads ?? defaultThreadCount
    let isAsked = asked?.isExplicit("threads") ?? false
    return Finding(
      "processors",
      "\(count) of \(all) usable\(granted); a run computes on \(threads) "
        + "thread\(threads == 1 ? "" : "s") " + (isAsked ? "by GAN_SET_THREADS" : "unless told"))
  }

  private var threads: Finding {
    do {
      try ProcessRoom.requireForComputing()
      return Finding("threads", "room for those of a run")
    } catch {
      let known = description(of: error)
      return Finding("threads", known?.message ?? "\(error)", isBad: true, help: known?.help)
    }
  }

  private var load: Finding {
    guard let load = machine.load else { return Finding("load", "unknown here") }
    let count = CPUDevice.processorCount
    let isBusy = load > Double(count) / 2
    return Finding(
      "load", String(format: "%.1f on %d processors in the last minute", load, count),
      help: isBusy
        ? "others keep processors busy; fewer threads wait less for each other, such as --threads "
          + "\(max(1, count - Int(min(load, Double(count)))))" : nil)
  }

  private var memory: Finding {
    guard let all = machine.memoryBytes, let free = machine.availableBytes else {
      return Finding("memory", "unknown here")
    }
    let limit = machine.memoryLimitBytes
    let usable = min(free, limit ?? free)
    return Finding(
      "memory",
      "\(gigabytes(free)) of \(gigabytes(all)) free"
        + (limit.map { ", \(gigabytes($0)) allowed" } ?? ""),
      help: usable < Self.trainingBytes
        ? "the tutorial's run takes up to 200 MB: end other programs" : nil)
  }

  private var libraries: Finding {
    let words = FormatLibraries.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
    return Finding("libraries", words)
  }

  private var ranks: Finding {
    switch MPILink.library {
    case .found(let version): Finding("ranks", "\(version) joins those that mpirun starts")
    case .missing(let other):
      Finding(
        "ranks",
        "none: a run is one process, as there is no Open MPI" + (other.map { ", only \($0)" } ?? "")
      )
    }
  }

  // MARK: Files

  private var disks: [Finding] {
    var findings = [disk("runs", runsDir, help: "name another folder, --runs-dir folder")]
    if let cache {
      findings.append(disk("cache", cache.path, help: "name another folder, XDG_CACHE_HOME=folder"))
    }
    return findings
  }

  private func disk(_ name: String, _ path: String, help: String) -> Finding {
    // A folder that is missing is made in the nearest one that exists.
    var place = path
    while !place.isEmpty, !FileManager.default.fileExists(atPath: place), place != "/" {
      place = (place as NSString).deletingLastPathComponent
    }
    if place.isEmpty { place = "." }
    guard isFolder(place), access(place, W_OK | X_OK) == 0 else {
      return Finding(name, "cannot write \(path)", isBad: name == "runs", help: help)
    }
    var system = statvfs()
    guard statvfs(place, &system) == 0 else { return Finding(name, path) }
    let free = Int(system.f_bavail) * Int(system.f_frsize)
    return Finding(
      name, "\(path), \(gigabytes(free)) free",
      help: free < Self.runBytes
        ? "the tutorial's run leaves up to 200 MB: make room, or \(help)" : nil)
  }

  private var cache: DataCache? { DataCache(environment: environment) }

  private var data: Finding {
    let found = NamedDataset.all.flatMap { dataset -> [String] in
      let isCached = dataset.download.map { cache?.absentFiles(of: $0).isEmpty ?? false } ?? false
      let installed = dataset.files?.systemFolders.filter { isFolder($0) } ?? []
      return (isCached ? ["\(dataset.name) in the cache"] : [])
        + installed.map { "\(dataset.name) in \($0)" }
    }
    return Finding(
      "data", found.isEmpty ? "none found" : found.joined(separator: ", "),
      help: found.isEmpty
        ? "without it and a network a run takes the built-in strokes; to fetch it: gan data fetch mnist"
        : nil)
  }

  // MARK: The session

  private var terminal: Finding {
    let errors = Terminal.errors
    let pictures =
      switch errors.palette {
      case .direct: "24-bit colours"
      case .indexed: "256 colours"
      case .shades: "no colours"
      case .ascii: "no colours, ASCII"
      }
    let size = errors.size
    let place = errors.isTerminal ? "\(size.columns) x \(size.rows)" : "no terminal"
    let progress = errors.canRedraw ? "progress drawn in place" : "progress in plain lines"
    return Finding("terminal", "\(place), \(pictures), \(progress)")
  }

  private var options: Finding {
    let names = environment.keys.filter { $0.hasPrefix(OptionAssignment.environmentPrefix) }
    do {
      try OptionSettings(OptionAssignment.all(in: environment)).validate()
      return Finding(
        "options",
        names.isEmpty ? "none in the environment" : names.sorted().joined(separator: ", "))
    } catch {
      let known = description(of: error)
      return Finding(
        "options", known?.message ?? "\(error)", isBad: true,
        help: known?.help ?? "correct or unset the variable")
    }
  }
}

/// `12.3 GB`, of 10^9 bytes.
private func gigabytes(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
