public import Foundation
import GANData
import GANEvaluation
import GANFormats
import GANGraph
import GANRuntime
import GANTraining

/// Why something could not be done.
///
/// Cancelled work throws `CancellationError` instead.
public struct GANError: Error, Hashable, Sendable {
  /// Who or what has to act.
  public enum Kind: Hashable, Sendable {
    /// A value or a combination of values that no run can have.
    case invalidOption
    /// An argument that a function cannot use.
    case invalidArgument
    /// Nothing is at the path, or it may not be read.
    case missing
    /// The file is damaged, or of another kind.
    case damaged
    /// A newer version of this library wrote the file.
    case newer
    /// The file or folder cannot be written.
    case unwritable
    /// The run cannot go on under other conditions than its own.
    case mismatch
    /// Another process, or another part of this one, trains the run.
    case busy
    /// A loss or a parameter became NaN or infinite.
    case diverged
    /// The run was asked to stop before its end; its folder has a checkpoint.
    case stopped
    /// This machine lacks a library, or memory.
    case unavailable
    /// None of the above: please report it.
    case unexpected
  }

  /// Who or what has to act.
  public let kind: Kind
  /// What went wrong: one line without a full stop, which names the value or the file.
  public let message: String
  /// What may help, where that is known.
  public let help: String?

  init(_ kind: Kind, _ message: String, help: String? = nil) {
    (self.kind, self.message, self.help) = (kind, message, help)
  }
}

extension GANError: LocalizedError, CustomStringConvertible {
  /// The message.
  public var description: String { message }
  /// The message.
  public var errorDescription: String? { message }
  /// The help.
  public var recoverySuggestion: String? { help }
}

extension GANError {
  /// Says what an error of the house means to those outside.
  init(describing error: any Error) {
    switch error {
    case let error as GANError: self = error
    case let error as OptionsError: self.init(.invalidOption, error.description)
    case let error as FormatError: self.init(error.kind.publicKind, error.description)
    case let error as TrainingError: self.init(error.publicKind, error.description)
    case let error as RuntimeError: self.init(error.publicKind, error.description)
    case let error as FeatureError: self.init(.mismatch, error.description)
    case let error as MixtureError: self.init(.invalidArgument, error.description)
    case let error as DataError:
      self.init(
        error.publicKind, error.description(dataset: "", folder: ""), help: error.help)
    case let error as FetchError: self.init(.unavailable, error.description)
    case let error as GraphError: self.init(.invalidOption, error.description)
    default: self.init(.unexpected, "\(error)")
    }
  }
}

extension FormatError.Kind {
  fileprivate var publicKind: GANError.Kind {
    switch self {
    case .missing: .missing
    case .invalid: .damaged
    case .unwritable: .unwritable
    }
  }
}

extension DataError {
  fileprivate var publicKind: GANError.Kind {
    switch self {
    case .unknown, .builtIn, .unfitName, .takenName: .invalidArgument
    case .folderNeeded, .absent: .missing
    case .unusable(_, let error, _), .noData(_, let error, _): error.kind.publicKind
    case .damaged: .damaged
    case .noCache: .unwritable
    }
  }
}

extension TrainingError {
  fileprivate var publicKind: GANError.Kind {
    switch self {
    case .diverged: .diverged
    case .foreign: .damaged
    case .newer: .newer
    case .notRun: .missing
    case .differs: .mismatch
    case .busy: .busy
    }
  }
}

extension RuntimeError {
  fileprivate var publicKind: GANError.Kind {
    switch self {
    case .threads, .files, .tooLarge, .noInstructionSet, .noPrecision: .unavailable
    case .mismatch, .unknown: .damaged
    }
  }
}

/// Throws what `body` throws in the words of the library; cancellation stays what it is.
func inPublicWords<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as CancellationError {
    throw error
  } catch {
    throw GANError(describing: error)
  }
}

/// The same of a body that waits.
func inPublicWords<Result>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> sending Result
) async throws -> sending Result {
  do {
    return try await body()
  } catch let error as CancellationError {
    throw error
  } catch {
    throw GANError(describing: error)
  }
}
