/// Settings that make something happen, and what it is.
package struct Story: Encodable, Sendable {
  /// Its name in addresses and tests.
  package let id: String
  let title: Words
  /// A few sentences on what to look at.
  let words: Words
  package let settings: PlaySettings

  /// Text in the page's languages.
  struct Words: Encodable, Sendable {
    let en: String
    let ko: String

    init(_ en: String, _ ko: String) { (self.en, self.ko) = (en, ko) }
  }
}
