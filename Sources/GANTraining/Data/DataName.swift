import Foundation

/// Names of data, by which folders of runs and files in the cache are called.
package enum DataName {
  /// The most bytes of a name: a run's folder is called by it and more, of 255 bytes in all.
  package static let byteLimit = 200

  /// What names are made of, in words.
  package static let requirement = "letters, digits, '.', '-' and '_'"

  /// True where a folder can be called so: letters and digits of any script, and a few signs within.
  package static func isFit(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= byteLimit && name == fitting(name, byteLimit: byteLimit)
  }

  /// A name as near to a text as can be, in composed characters (NFC); empty where nothing of it fits.
  ///
  /// - Parameter byteLimit: The most bytes it may have in UTF-8.
  static func fitting(_ text: String, byteLimit: Int) -> String {
    var name = ""
    for character in text.precomposedStringWithCanonicalMapping {
      let fitting = isFit(character) ? character : "-"
      guard name.utf8.count + fitting.utf8.count <= byteLimit else { break }
      name.append(fitting)
    }
    return name.trimmingCharacters(in: CharacterSet(charactersIn: ".-"))
  }

  private static func isFit(_ character: Character) -> Bool {
    guard !"._-".contains(character) else { return true }
    return character.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber:
        true
      default: false
      }
    }
  }
}
