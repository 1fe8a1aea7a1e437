/// Published figures of PacGAN's ring and grid: 2,500 samples, high quality within three
/// deviations, means and standard errors.
struct PublishedModes {
  let method: String
  let modes: String
  let highQuality: String
  let reverseKL: String
  let source: String

  /// - Source: Lin, Khetan, Fanti, Oh, "PacGAN: The power of two samples in generative adversarial
  ///   networks", 2018, arXiv:1712.04086, table 1, 10 trials; Srivastava and others, "VEEGAN:
  ///   Reducing Mode Collapse in GANs using Implicit Variational Learning", 2017,
  ///   arXiv:1705.07761, table 1, other networks.
  static func rows(of world: String) -> [PublishedModes] {
    switch world {
    case "ring-8":
      [
        row("GAN", "6.3 \u{b1} 0.5", "98.2 \u{b1} 0.2", "0.45 \u{b1} 0.09"),
        row("ALI", "6.6 \u{b1} 0.3", "97.6 \u{b1} 0.4", "0.36 \u{b1} 0.04"),
        row("PacGAN2", "7.9 \u{b1} 0.1", "95.6 \u{b1} 2.0", "0.07 \u{b1} 0.03"),
        row("PacGAN3", "7.8 \u{b1} 0.1", "97.7 \u{b1} 0.3", "0.10 \u{b1} 0.02"),
        row("PacGAN4", "7.8 \u{b1} 0.1", "95.9 \u{b1} 1.4", "0.07 \u{b1} 0.02"),
        row("GAN", "1", "99.3", "", "VEEGAN"), row("Unrolled GAN", "7.6", "35.6", "", "VEEGAN"),
        row("VEEGAN", "8", "52.9", "", "VEEGAN"),
      ]
    case "grid-25":
      [
        row("GAN", "17.3 \u{b1} 0.8", "94.8 \u{b1} 0.7", "0.70 \u{b1} 0.07"),
        row("ALI", "24.1 \u{b1} 0.4", "95.7 \u{b1} 0.6", "0.14 \u{b1} 0.03"),
        row("PacGAN2", "23.8 \u{b1} 0.7", "91.3 \u{b1} 0.8", "0.13 \u{b1} 0.04"),
        row("PacGAN3", "24.6 \u{b1} 0.4", "94.2 \u{b1} 0.4", "0.06 \u{b1} 0.02"),
        row("PacGAN4", "24.8 \u{b1} 0.2", "93.6 \u{b1} 0.6", "0.04 \u{b1} 0.01"),
        row("GAN", "3.3", "0.5", "", "VEEGAN"), row("Unrolled GAN", "23.6", "16", "", "VEEGAN"),
        row("VEEGAN", "24.6", "40", "", "VEEGAN"),
      ]
    default: []
    }
  }

  private static func row(
    _ method: String, _ modes: String, _ highQuality: String, _ reverseKL: String,
    _ source: String = "PacGAN"
  ) -> PublishedModes {
    PublishedModes(
      method: method, modes: modes, highQuality: highQuality, reverseKL: reverseKL,
      source: "\(source), table 1")
  }
}
