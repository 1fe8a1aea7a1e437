import CImageLibraries

/// The libraries that read and write files, as they are loaded.
package enum FormatLibraries {
  /// Names and versions, such as `zlib 1.3.1`.
  package static var versions: [(name: String, version: String)] {
    var libraries = [
      (name: "libpng", version: String(cString: gan_png_version())),
      (name: "zlib", version: String(cString: zlibVersion())),
    ]
    #if !canImport(Darwin)
      // It says its name, its version and its day: `OpenSSL 3.0.15 3 Sep 2024`.
      let words = String(cString: gan_crypto_version()).split(separator: " ")
      libraries.append(("libcrypto", words.prefix(2).joined(separator: " ")))
    #endif
    return libraries
  }
}
