import GANNetworks
import GANTraining

/// The page on which a served generator is tried.
struct SamplePage {
  private let generator: SavedNetwork

  init(_ generator: SavedNetwork) { self.generator = generator }

  /// Its text: no path, name or number in it is anything but letters, digits and escaped text.
  var html: String {
    let options = generator.options
    let classes = generator.network.classCount.map { count in
      (0..<count).map { place in
        let name = (generator.className(place) ?? "\(place)").escapedForHTML
        return "<option>\(name)</option>"
      }.joined()
    }
    let label = classes.map {
      "<label>class <select id=\"label\"><option value=\"\">in turn</option>\($0)</select></label>"
    }
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(options.recipe.escapedForHTML) on \(options.dataset.escapedForHTML)</title>
      <link rel="stylesheet" href="page.css">
      <script src="page.js" defer></script>
      <main>
        <h1>\(options.recipe.escapedForHTML) on \(options.dataset.escapedForHTML)</h1>
        <form>
          <label>seed <input id="seed" type="number" min="0" step="1" value="0"></label>
          <button id="next" type="button">Next</button>
          <label>images <input id="count" type="number" min="1" max="64" value="16"></label>
          <label>truncation <input id="truncation" type="number" min="0.05" max="10" step="0.05"
            placeholder="none"></label>
          \(label ?? "")
          <label><input id="moves" type="checkbox"> move from image to image</label>
        </form>
        <p><img id="image" alt="Images of the generator for this seed"></p>
        <p id="message" role="status"></p>
        <p>The same by a program: <a id="address" href="sample"></a>,
          described in <a href="openapi.json">openapi.json</a></p>
      </main>

      """
  }

  static let css = """
    :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
    form { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: center; }
    input[type=number] { width: 7rem; }
    img { width: min(100%, 32rem); image-rendering: pixelated; background: #8883; }
    #message { color: #c00; min-height: 1.5em; }

    """

  static let javaScript = """
    const field = (name) => document.getElementById(name);
    let waiting = 0;

    function address() {
      const query = new URLSearchParams({ seed: field("seed").value || "0" });
      const moves = field("moves").checked;
      query.set("count", moves ? "3" : field("count").value || "1");
      if (field("truncation").value) query.set("truncation", field("truncation").value);
      if (field("label") && field("label").value) query.set("label", field("label").value);
      return (moves ? "interpolate?" : "sample?") + query;
    }

    async function show() {
      const turn = ++waiting;
      const asked = address();
      field("address").href = asked;
      field("address").textContent = asked;
      const answer = await fetch(asked);
      if (turn !== waiting) return;
      field("message").textContent = answer.ok ? "" : await answer.text();
      if (!answer.ok) return;
      const before = field("image").src;
      field("image").src = URL.createObjectURL(await answer.blob());
      if (before) URL.revokeObjectURL(before);
    }

    document.querySelector("form").addEventListener("input", show);
    document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    field("next").addEventListener("click", () => {
      field("seed").value = (BigInt(field("seed").value || "0") + 1n).toString();
      show();
    });
    show();

    """
}

extension String {
  /// The text without anything that HTML gives a meaning.
  fileprivate var escapedForHTML: String {
    reduce(into: "") { text, letter in
      switch letter {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.append(letter)
      }
    }
  }
}
