import Foundation
import GANFormats
import GANGraph
import GANNetworks
import GANRuntime
package import GANTensor

/// The trained networks that a new run starts with, and the run they come from.
///
/// A tensor is taken over where the new network has one of the same name, shape and type; others
/// begin as the seed says. Moments begin at zero: they are corrected for the number of updates, which
/// a new run counts from its own start.
package struct RunStart: Sendable {
  /// The run they come from.
  package let run: RecordedRun
  /// A checkpoint of it, or what a run's folder keeps of one.
  package let checkpoint: RunFile

  /// Takes the newest checkpoint of a run, or the one in a file.
  ///
  /// - Throws: `FormatError`; `TrainingError.notRun` where there is no checkpoint, `.foreign` where
  ///   the file is none.
  package init(_ path: String) throws {
    guard isFolder(path) else {
      checkpoint = try RunFile(contentsOf: path)
      guard checkpoint.kind == .checkpoint else {
        throw TrainingError.foreign(
          path: path,
          reason: "a \(checkpoint.kind.rawValue), not a checkpoint, which has both networks")
      }
      run = RecordedRun(checkpoint)
      return
    }
    let folder = RunFolder(path: path)
    run = try RecordedRun(folder)
    guard let newest = try folder.latestCheckpoint() else {
      throw TrainingError.notRun(path: path, reason: "no checkpoint in it yet")
    }
    checkpoint = newest
  }

  /// Takes a generator's weights that another program saved.
  ///
  /// - Throws: As `SavedNetwork.init(foreign:as:)`.
  package init(foreign path: String, as network: ForeignNetwork) throws {
    let generator = try SavedNetwork(foreign: path, as: network)
    checkpoint = try RunFile(startingWith: generator, path: path)
    run = RecordedRun(checkpoint)
  }

  /// The number of a network's tensors that a run of `options` takes over, and the names of those
  /// that begin anew.
  package func account(
    of role: Role, for options: TrainingOptions
  ) -> (takenCount: Int, anew: [String]) {
    let types = options.network(of: role).tensorTypes
    let anew = types.filter { name, type in
      checkpoint.contents["\(role.rawValue).\(name)"].map {
        TensorType($0.shape, $0.elementType) != type
      } ?? true
    }
    return (types.count - anew.count, anew.map(\.name))
  }

  /// The file that the new run's folder keeps: a start that is cut off begins with the same networks.
  var file: SafetensorsFile {
    let prefixes = checkpoint.networks.keys.map(\.rawValue) + [NetworkAverage.prefix]
    let tensors = checkpoint.tensors.filter { entry in
      prefixes.contains { entry.name.hasPrefix("\($0).") }
    }
    return SafetensorsFile(metadata: checkpoint.contents.metadata, tensors: tensors).sealed()
  }
}

extension TrainingSession {
  /// Takes over the networks of another run's checkpoint, tensor by tensor, where they fit.
  ///
  /// A moving average takes over the other's, or the network itself where there was none.
  package func adopt(_ tensors: [String: HostTensor]) throws {
    let roles = setup.game.players.map(\.role)
    for (name, type) in programs.state.types {
      var source = tensors[name]
      if source == nil, let average = setup.game.average?.role,
        name.hasPrefix("\(NetworkAverage.prefix).")
      {
        source = tensors[average.rawValue + name.dropFirst(NetworkAverage.prefix.count)]
      }
      let isNetworks =
        roles.contains { name.hasPrefix("\($0.rawValue).") }
        || name.hasPrefix("\(NetworkAverage.prefix).")
      guard isNetworks, let source, TensorType(source.shape, source.elementType) == type else {
        continue
      }
      try programs.state.write(source, to: name)
    }
  }
}
