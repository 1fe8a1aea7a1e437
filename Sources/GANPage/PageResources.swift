import GANServing

/// The files of the page, which are part of the program.
enum PageResources {
  /// The document of every page.
  static var shell: Response {
    PageFrame.document(title: "gan", style: "page.css", script: "main.js")
  }

  private static let files: [(name: String, bytes: [UInt8], type: MediaType)] = [
    ("page.css", PackageResources.page_css, .css),
    ("main.js", PackageResources.main_js, .javaScript),
    ("kit.js", PackageResources.kit_js, .javaScript),
    ("words.js", PackageResources.words_js, .javaScript),
    ("list.js", PackageResources.list_js, .javaScript),
    ("run.js", PackageResources.run_js, .javaScript),
    ("changes.js", PackageResources.changes_js, .javaScript),
    ("samples.js", PackageResources.samples_js, .javaScript),
    ("latents.js", PackageResources.latents_js, .javaScript),
    ("nearest.js", PackageResources.nearest_js, .javaScript),
    ("plots.js", PackageResources.plots_js, .javaScript),
    ("compare.js", PackageResources.compare_js, .javaScript),
    ("icon.svg", PackageResources.icon_svg, .svg),
  ]

  static func add(to router: inout Router) {
    PageFrame.add(to: &router)
    for file in files { router.get("/\(file.name)") { _ in .bytes(file.bytes, file.type) } }
  }
}
