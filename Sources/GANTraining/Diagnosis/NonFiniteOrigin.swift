import Foundation
import GANNetworks
import GANTensor

/// The first number of a run that became NaN or infinite.
struct NonFiniteOrigin: Hashable {
  /// The step, from 1.
  let step: Int
  /// Which tensor of which layer, in which network's update.
  let words: String

  /// The greatest cost of finding it: multiply-adds.
  static let budget = 500_000_000_000

  /// Trains again, from the last state that is known to be sound, up to the step in which a run
  /// diverged, and looks at everything that its last steps compute.
  ///
  /// - Parameters:
  ///   - request: The run's.
  ///   - checkpoint: Its newest one; nil where it has none.
  ///   - step: The step after which something was found not to be finite.
  /// - Returns: Nil where training again would take long, or the run is asked to stop.
  init?(of request: TrainingRequest, from checkpoint: RunFile?, to step: Int) throws {
    let options = request.options
    let session = try TrainingSession(
      options.setup, dataset: request.dataset, measuring: ReportPlan(options))
    if let checkpoint {
      try session.restore(Dictionary(uniqueKeysWithValues: checkpoint.tensors))
    } else if let start = request.start {
      try session.adopt(Dictionary(uniqueKeysWithValues: start.tensors))
    }
    session.repeatChanges(try request.folder?.readChanges(of: options) ?? [])
    let count = step - session.step
    guard count > 0, count <= Self.budget / max(1, session.multiplyAddsPerStep) else { return nil }
    while session.step < step - 2 {
      guard !request.stop.isMade, !Task.isCancelled else { return nil }
      try session.runStep()
    }
    while session.step < step {
      let values = try session.runTracedStep()
      let name = Self.first(in: values)
      guard
        let words = try name.map({ Self.words(of: $0, options) })
          ?? session.firstNonFinite().map({ Self.words(ofState: $0, options) })
      else { continue }
      (self.step, self.words) = (session.step, words)
      return
    }
    return nil
  }

  /// The name of the first value that is not finite; of several gradients of one update the last
  /// layer's, which the others come from.
  static func first(in values: [(name: String, tensor: HostTensor)]) -> String? {
    let broken = values.filter { value in
      value.tensor.elementType == .float32 && !value.tensor.floats.allSatisfy(\.isFinite)
    }.map(\.name)
    guard let first = broken.first, let mark = first.range(of: gradient) else {
      return broken.first
    }
    return broken.last { $0.hasPrefix(first[..<mark.upperBound]) }
  }

  private static let gradient = ".gradient."

  /// `the gradient of 4.weight (linear) in the generator's update`.
  static func words(of output: String, _ options: TrainingOptions) -> String {
    let parts = output.split(separator: ".").map(String.init)
    guard let role = parts.first else { return output }
    let rest = parts.dropFirst().drop { Int($0) != nil && parts.count > 2 }
    if rest.first == "gradient" {
      let name = rest.dropFirst().joined(separator: ".")
      return "the gradient of \(layered(name, role, options)) in the \(role)'s update"
    }
    return "\(rest.joined(separator: ".")) of the \(role)'s update"
  }

  /// `2.weight (linear) of the discriminator, after its update`.
  static func words(ofState name: String, _ options: TrainingOptions) -> String {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    guard let role = parts.first, parts.count == 2, Role.pair.contains(Role(rawValue: role)) else {
      return name
    }
    return "\(layered(parts[1], role, options)) of the \(role), after its update"
  }

  /// A parameter's name and the kind of its layer.
  private static func layered(_ name: String, _ role: String, _ options: TrainingOptions) -> String
  {
    let role = Role(rawValue: role)
    guard Role.pair.contains(role), let first = name.split(separator: ".").first,
      let index = Int(first)
    else { return name }
    let layers = options.network(of: role).layers
    return layers.indices.contains(index) ? "\(name) (\(layers[index]))" : name
  }
}
