import Foundation
package import GANData
import GANFormats
package import GANRuntime

/// The environment of a run: all facts about it that are not in its options.
package struct RunEnvironment: Codable, Equatable, Sendable {
  /// The package's version.
  package var version: String
  /// The program and its arguments.
  package var commandLine: [String]
  /// The revision of the engine that computes; 1 where a version wrote this that had none.
  package var engineRevision: Int?
  /// The processor's name.
  package var processor: String
  /// The vectors that kernels use; nil if the writing version did not record them.
  package var instructionSet: String?
  /// Processors this process may use.
  package var processorCount: Int
  /// The versions of the libraries that read and write files; nil if the writing version did not
  /// record them.
  package var libraries: [String: String]?
  /// The operating system's name and version.
  package var operatingSystem: String
  /// The run's device; nil if the writing version had one device only.
  package var device: String?
  /// Threads that compute.
  package var threads: Int
  /// The ranks that compute together; nil for one process.
  package var ranks: Int?
  /// The folder the data were taken from; nil where their name is enough to find them.
  package var dataDir: String?
  /// The SHA-256 digest of the data: of the images' pixels, the points' numbers.
  package var dataSHA256: String
  /// The SHA-256 digest of their labels; nil where they have none, or where a version wrote this
  /// that did not look at labels.
  package var labelsSHA256: String?
  /// Where options come from that are not the recipe's, by their paths: `--batch-size`, `gan.yaml:3`;
  /// nil where nobody recorded it.
  package var optionOrigins: [String: String]?

  /// Describes this process.
  ///
  /// - Parameters:
  ///   - device: The device that computes.
  ///   - threads: Threads that compute.
  ///   - dataset: The data.
  ///   - dataDir: The folder that was named for them.
  ///   - optionOrigins: Where options come from that are not the recipe's.
  /// - Complexity: As `TrainingData.digest()`: not for the thread that trains.
  package init(
    device: DeviceKind = .fastest, threads: Int, dataset: any TrainingData,
    dataDir: String? = nil, optionOrigins: [String: String]? = nil
  ) {
    self.optionOrigins = optionOrigins
    version = Version.current
    commandLine = CommandLine.arguments
    engineRevision = EngineRevision.current
    processor = Processor.name
    instructionSet = ComputingCircumstances(of: device).instructionSet
    processorCount = CPUDevice.processorCount
    libraries = Dictionary(
      FormatLibraries.versions.map { ($0.name, $0.version) },
      uniquingKeysWith: { first, _ in first })
    operatingSystem = ProcessInfo.processInfo.operatingSystemVersionString
    self.device = device.rawValue
    self.threads = threads
    // The run may be resumed from another folder.
    self.dataDir = dataDir.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
    dataSHA256 = dataset.digest()
    labelsSHA256 = dataset.labelsDigest()
  }
}

extension RunEnvironment {
  /// What is not as in `now`, each in words; unrecorded facts count as equal.
  package func differences(from now: RunEnvironment) -> [String] {
    let facts: [(String, before: String?, now: String?)] = [
      ("gan", version, now.version),
      ("engine revision", "\(engineRevision ?? 1)", "\(now.engineRevision ?? 1)"),
      ("processor", processor, now.processor),
      ("instruction set", instructionSet, now.instructionSet),
      ("system", operatingSystem, now.operatingSystem),
    ]
    let versions = (libraries ?? [:]).sorted { $0.key < $1.key }.map {
      ($0.key, before: Optional($0.value), now: now.libraries?[$0.key])
    }
    return (facts + versions).compactMap { name, before, now in
      guard let before, let now, before != now else { return nil }
      // Some libraries' versions begin with a name.
      return before.hasPrefix(name) ? before : "\(name) \(before)"
    }
  }

  /// The circumstances that decide the run's bits beside its options.
  var circumstances: ComputingCircumstances {
    ComputingCircumstances(
      engineRevision: engineRevision ?? 1, instructionSet: instructionSet, rankCount: ranks ?? 1)
  }
}

/// The processor this process runs on.
package enum Processor {
  /// Its maker's name for it, or the architecture if the system does not tell.
  package static var name: String {
    #if canImport(Darwin)
      var byteCount = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &byteCount, nil, 0)
      var bytes = [UInt8](repeating: 0, count: byteCount)
      guard sysctlbyname("machdep.cpu.brand_string", &bytes, &byteCount, nil, 0) == 0 else {
        return architecture
      }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":").dropFirst().joined(separator: ":")
      return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? architecture
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}
