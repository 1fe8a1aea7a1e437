import GANTraining

extension RunStart {
  /// What a run of `options` begins with, in lines.
  ///
  /// - Throws: `OptionsError.contradiction` where that is nothing.
  func account(for options: TrainingOptions) throws(OptionsError) -> [String] {
    let networks = Role.pair.map { ($0.rawValue, account(of: $0, for: options)) }
    guard networks.contains(where: { $0.1.takenCount > 0 }) else {
      throw .contradiction(
        "--from \(run.path): no tensor of its networks fits those of these options; "
          + "--config takes a run's options alone")
    }
    let counts = networks.map { name, account in
      "\(account.takenCount) of \(account.takenCount + account.anew.count) tensors of the \(name)"
    }
    return ["from: step \(checkpoint.step) of \(run.path), " + counts.joined(separator: ", ")]
      + networks.filter { !$0.1.anew.isEmpty }.map { name, account in
        "from: of the \(name), as the seed says: " + account.anew.joined(separator: ", ")
      }
  }
}
