/// Bounds of what a server takes from anybody.
package struct ServerLimits: Sendable {
  /// Connections at once; one more is answered with 503 and closed.
  package var connectionCount = 48
  /// Streams of events among them: room is left for requests.
  package var streamCount = 32
  /// Bytes of a request's line and headers; more is answered with 431.
  package var headBytes = 16_384
  /// Headers of a request.
  package var headerCount = 64
  /// Seconds from a request's first byte to its last; longer is answered with 408.
  package var requestSeconds = 10.0
  /// Seconds that a connection may stay open without a request.
  package var idleSeconds = 30.0
  /// Seconds in which a client must take each 64 kB of an answer, or an event.
  package var writeSeconds = 10.0
  /// Seconds between two signs of life on a stream of events.
  package var heartbeatSeconds = 5.0

  /// The usual bounds.
  package init() {}
}
