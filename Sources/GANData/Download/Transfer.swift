import CCurl
import GANFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One transfer from a server into a file, by libcurl.
struct Transfer {
  /// The address; HTTP or HTTPS.
  let url: String
  /// The most bytes the file may have in the end.
  let byteLimit: Int
  let patience: FetchPatience

  /// The end of a transfer.
  enum Outcome: Equatable {
    /// Everything the server has to send is there.
    case done
    /// The server cannot continue a file; nothing was written.
    case cannotResume
    /// The server has no such file, cannot be reached, fell silent, or sends too much: in words.
    case failed(String)
  }

  /// Appends the missing part to the file at `path`.
  ///
  /// - Parameter progress: Told now and then of the bytes there are, and those there will be where
  ///   the server says.
  /// - Throws: `FormatError` where the file cannot be written, `FetchError.noLibrary`.
  func run(
    into path: String, progress: (_ bytes: Int, _ total: Int?) -> Void
  ) throws -> Outcome {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FormatError(path, .unwritable(code: errno)) }
    defer { close(descriptor) }
    let offset = lseek(descriptor, 0, SEEK_END)
    guard offset >= 0 else { throw FormatError(path, .unwritable(code: errno)) }

    var writeError: Int32 = 0
    var message = [CChar](repeating: 0, count: Int(gan_transfer_message_capacity))
    let status = withoutActuallyEscaping(progress) { progress in
      var told = progress
      return withUnsafeMutablePointer(to: &told) { told in
        url.withCString { url in
          var transfer = gan_transfer(
            url: url, offset: Int64(offset), byteLimit: Int64(byteLimit),
            connectMilliseconds: patience.connectMilliseconds,
            stallSeconds: patience.stallSeconds)
          return gan_transfer_run(
            &transfer, descriptor,
            { context, bytes, total in
              typealias Progress = (Int, Int?) -> Void
              context?.assumingMemoryBound(to: Progress.self)
                .pointee(Int(bytes), total > 0 ? Int(total) : nil)
            }, told, &writeError, &message)
        }
      }
    }
    return try outcome(of: status, path, writeError, message)
  }

  private func outcome(
    of status: gan_transfer_status, _ path: String, _ writeError: Int32, _ message: [CChar]
  ) throws -> Outcome {
    switch status {
    case gan_transfer_done: .done
    case gan_transfer_cannot_resume: .cannotResume
    case gan_transfer_too_long: .failed("it sends more than \(byteLimit) bytes")
    case gan_transfer_cannot_write: throw FormatError(path, .unwritable(code: writeError))
    case gan_transfer_no_library: throw FetchError.noLibrary
    default:
      .failed(
        String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
  }
}

/// Limits of waiting for servers.
package struct FetchPatience: Hashable, Sendable {
  /// The longest that finding and reaching one server may take.
  package let connectMilliseconds: Int32
  /// Seconds that a server may stay silent, or slower than 1000 bytes a second.
  package let stallSeconds: Int32

  /// For data asked for by name.
  package static let named = FetchPatience(connectMilliseconds: 5_000, stallSeconds: 20)
  /// For data that others can stand in for: without a network it must soon be over.
  package static let replaceable = FetchPatience(connectMilliseconds: 2_000, stallSeconds: 5)
}
