import GANData
import GANLab
import GANLearning
package import GANServing
import GANTraining

/// The page of a playground, and what it asks for.
package struct PlayPages: Sendable {
  private let playground: Playground

  /// Shows a playground.
  package init(_ playground: Playground) { self.playground = playground }

  /// Adds the page to a server's paths.
  package func add(to router: inout Router) {
    PageFrame.add(to: &router)
    let document = PageFrame.document(title: "gan play", style: "play.css", script: "play.js")
    router.get("/") { _ in document }
    for (path, bytes, type) in Self.files {
      router.get(path) { _ in .bytes(bytes, type) }
    }
    let playground = playground
    router.get("/api/kit") { _ in try .json(of: PlayKit()) }
    router.get("/api/state") { _ in try .json(playground.stateText()) }
    router.get("/api/events") { _ in playground.feed.response() }
    router.post("/api/command", bodyLimit: 1_000) { request in
      try playground.ask(request.json(PlayCommand.self))
      return .json("{}")
    }
    router.post("/api/settings", bodyLimit: 65_536) { request in
      let settings = try request.json(PlaySettings.self)
      do {
        try playground.ask(.settings(settings))
      } catch  where isOfSettings(error) {
        throw Refusal(400, "\(error)")
      }
      return .json("{}")
    }
  }

  private static var files: [(path: String, bytes: [UInt8], type: MediaType)] {
    [
      ("/play.css", PackageResources.play_css, .css),
      ("/play.js", PackageResources.play_js, .javaScript),
      ("/kit.js", PackageResources.kit_js, .javaScript),
      ("/draw.js", PackageResources.draw_js, .javaScript),
      ("/pen.js", PackageResources.pen_js, .javaScript),
      ("/settings.js", PackageResources.settings_js, .javaScript),
      ("/steps.js", PackageResources.steps_js, .javaScript),
      ("/words.js", PackageResources.words_js, .javaScript),
      ("/icon.svg", PackageResources.icon_svg, .svg),
    ]
  }
}

/// What a page asks for once.
private struct PlayKit: Encodable {
  let usual = PlaySettings()
  let stories = Story.all
  let objectives = Objective.allCases
  let penalties = Penalty.allCases
}

/// True for an error that settings cause, and whose words the visitor can act on.
private func isOfSettings(_ error: any Error) -> Bool {
  error is SettingsError || error is SpecificationError || error is MixtureError
    || error is OptionsError
}
