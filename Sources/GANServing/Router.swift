/// Answers a request, on its connection's thread.
package typealias Handler = @Sendable (Request) throws -> Response

/// The handlers of a server, by method and path.
package struct Router: Sendable {
  /// A path with its handlers.
  struct Route: Sendable {
    let path: [String]
    var get: Handler?
    var post: Handler?
    /// Bytes that a POST's body may have.
    var bodyLimit = 0

    /// What the names of the path stand for; nil where another path is asked for.
    func parameters(_ asked: [String]) -> [String: String]? {
      guard asked.count == path.count else { return nil }
      var found: [String: String] = [:]
      for (part, segment) in zip(path, asked) {
        if part.hasPrefix(":") {
          guard !segment.isEmpty else { return nil }
          found[String(part.dropFirst())] = segment
        } else if part != segment {
          return nil
        }
      }
      return found
    }
  }

  private var routes: [Route] = []

  /// A router that knows no path.
  package init() {}

  /// Serves GET and HEAD of a path, such as `/runs/:run/samples/:file`: `:name` stands for any one segment,
  /// and the route added first goes first.
  package mutating func get(_ path: String, _ handler: @escaping Handler) {
    routes[index(of: path)].get = handler
  }

  /// Serves POST of a path, for what changes something.
  ///
  /// - Parameter bodyLimit: Bytes that the body may have.
  package mutating func post(
    _ path: String, bodyLimit: Int = 65_536, _ handler: @escaping Handler
  ) {
    let index = index(of: path)
    routes[index].post = handler
    routes[index].bodyLimit = bodyLimit
  }

  private mutating func index(of path: String) -> Int {
    precondition(path.hasPrefix("/"), "a path begins with a slash, not \(path)")
    let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(String.init)
    if let known = routes.firstIndex(where: { $0.path == segments }) { return known }
    routes.append(Route(path: segments))
    return routes.count - 1
  }

  /// The handler of a request, and what it is to be called with.
  ///
  /// - Throws: `Refusal` 404 or 405.
  func handler(
    of head: RequestHead
  ) throws(Refusal) -> (handler: Handler, parameters: [String: String], bodyLimit: Int) {
    var isKnown = false
    for route in routes {
      guard let parameters = route.parameters(head.path) else { continue }
      isKnown = true
      if let handler = head.method == .post ? route.post : route.get {
        return (handler, parameters, head.method == .post ? route.bodyLimit : 0)
      }
    }
    throw isKnown ? Refusal(405, "This path is not served so.") : .notFound
  }
}
