/// What every page has: its document, and the files that all of them share.
package enum PageFrame {
  /// A document that its script fills.
  ///
  /// - Parameters:
  ///   - title: Before the script gives it another one.
  ///   - style: The name of its own style sheet, beside the shared one.
  ///   - script: The name of its first module.
  package static func document(title: String, style: String, script: String) -> Response {
    let frame = String(decoding: PackageResources.frame_html, as: UTF8.self)
    return .text(
      frame.replacing("TITLE", with: title).replacing("STYLE", with: style)
        .replacing("SCRIPT", with: script), .html)
  }

  /// Adds the shared files to a server's paths.
  package static func add(to router: inout Router) {
    router.get("/shared.js") { _ in .bytes(PackageResources.shared_js, .javaScript) }
    router.get("/shared.css") { _ in .bytes(PackageResources.shared_css, .css) }
  }
}
