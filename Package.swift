// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares; CI adds warnings as errors.
let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// A target of the house; its imports go down only (`make check` judges them).
func floor(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], fixtures: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: fixtures, swiftSettings: swiftSettings)
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "swift-gan",
  platforms: [.macOS(.v15)],
  products: [
    // Whose enumerations options have; where members need imports, users import them too.
    .library(name: "SwiftGAN", targets: ["SwiftGAN", "GANLearning", "GANNetworks"]),
    .executable(name: "gan", targets: ["gan"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Roof.
    .executableTarget(name: "gan", dependencies: ["GANCommands"], swiftSettings: swiftSettings),
    // What tests run of the examples; each is a package of its own as well.
    .executableTarget(
      name: "gan-server", dependencies: ["SwiftGAN"],
      path: "Examples/Server/Sources/gan-server", swiftSettings: swiftSettings),
    // 8: the only one that knows a terminal.
    floor(
      "GANCommands",
      [
        "GANPage", "GANPlayground", "GANLab", "GANEvaluation", "GANExport", "GANTraining",
        "GANNetworks", "GANLearning", "GANRuntime", "GANServing",
        "GANData", "GANStatistics", "GANPlots", "GANFormats", "GANTensor", argumentParser,
      ]),
    // 7: what is shown of runs in a browser.
    .target(
      name: "GANPage",
      dependencies: [
        "GANEvaluation", "GANExport", "GANTraining", "GANNetworks", "GANLearning", "GANRuntime",
        "GANData", "GANPlots", "GANFormats", "GANServing", "GANTensor",
      ],
      // Part of the program: it stays one file.
      resources: [.embedInCode("Resources")], swiftSettings: swiftSettings),
    // 7: games in the plane, to be played with in a browser.
    .target(
      name: "GANPlayground",
      dependencies: [
        "GANLab", "GANTraining", "GANNetworks", "GANLearning", "GANRuntime", "GANData",
        "GANStatistics", "GANGraph", "GANServing", "GANTensor",
      ],
      // Part of the program: it stays one file.
      resources: [.embedInCode("Resources")], swiftSettings: swiftSettings),
    // 7: the library.
    floor(
      "SwiftGAN",
      [
        "GANEvaluation", "GANTraining", "GANNetworks", "GANLearning", "GANRuntime", "GANData",
        "GANGraph",
        "GANFormats", "GANTensor",
      ]),
    // 6
    floor(
      "GANLab",
      [
        "GANEvaluation", "GANTraining", "GANNetworks", "GANLearning", "GANRuntime", "GANData",
        "GANStatistics",
        "GANPlots", "GANGraph", "GANFormats", "GANTensor",
      ]),
    // 5: judging generators with networks.
    floor(
      "GANEvaluation",
      [
        "GANTraining", "GANNetworks", "GANLearning", "GANRuntime", "GANData", "GANStatistics",
        "GANGraph", "GANFormats", "GANTensor",
      ]),
    // 5: what other tools read.
    floor(
      "GANExport",
      [
        "GANTraining", "GANNetworks", "GANRuntime", "GANGraph", "GANFormats", "GANTensor",
        "CWebPEncoder",
      ]),
    // 4
    floor(
      "GANTraining",
      [
        "GANNetworks", "GANLearning", "GANRuntime", "GANData", "GANPlots", "GANGraph", "GANFormats",
        "GANTensor", .product(name: "Yams", package: "Yams"),
      ]
    ),
    // 3: both only build graphs.
    floor("GANNetworks", ["GANGraph", "GANTensor"]),
    floor("GANLearning", ["GANGraph", "GANTensor"]),
    // 2
    floor("GANRuntime", ["GANGraph", "GANTensor", "CKernels", "CMPI"]),
    floor("GANData", ["GANFormats", "GANTensor", "CCurl", "CArchive"]),
    floor("GANStatistics", ["GANTensor", "CKernels"]),
    floor("GANPlots", ["GANFormats", "CFreeType"]),
    // 1
    floor("GANGraph", ["GANTensor"]),
    floor("GANFormats", ["GANTensor", "CImageLibraries"]),
    // 1: HTTP on this machine; knows nothing of what is served.
    .target(
      name: "GANServing", resources: [.embedInCode("Resources")], swiftSettings: swiftSettings),
    // 0
    floor("GANTensor", []),
    // Ground.
    .target(name: "CKernels"),
    .target(
      name: "CImageLibraries",
      linkerSettings: [
        .linkedLibrary("png"), .linkedLibrary("turbojpeg"), .linkedLibrary("webp"),
        .linkedLibrary("webpdemux"), .linkedLibrary("z"),
        // Darwin has CryptoKit.
        .linkedLibrary("crypto", .when(platforms: [.linux])),
      ]),
    // Its headers lie in a folder that only pkg-config knows.
    .systemLibrary(
      name: "CFreeType", pkgConfig: "freetype2",
      providers: [.apt(["libfreetype-dev"]), .brew(["freetype"])]),
    // Loads libcurl when a download begins: linking it would slow every start.
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // Loads libarchive when an archive is opened, for the same reason.
    .target(
      name: "CArchive", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    // Loads Open MPI where a launcher has started several processes: one needs none of it.
    .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .systemLibrary(
      name: "CWebPEncoder",
      providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
    // Tests, one target for each floor it judges.
    .target(
      name: "GANTestSupport",
      dependencies: [
        "GANRuntime", "GANData", "GANGraph", "GANTensor", "CImageLibraries", "CWebPEncoder",
      ],
      path: "Tests/GANTestSupport", swiftSettings: swiftSettings),
    tests("GANTensorTests", ["GANTestSupport", "GANTensor"]),
    tests("GANGraphTests", ["GANTestSupport", "GANRuntime", "GANGraph", "GANTensor"]),
    tests("GANRuntimeTests", ["GANTestSupport", "GANRuntime", "GANGraph", "GANTensor"]),
    tests("CKernelsTests", ["CKernels", "GANTensor"]),
    tests("GANFormatsTests", ["GANTestSupport", "GANFormats", "GANTensor", "CImageLibraries"]),
    tests("GANDataTests", ["GANTestSupport", "GANData", "GANFormats", "GANTensor"]),
    tests(
      "GANStatisticsTests", ["GANTestSupport", "GANStatistics", "GANData", "GANTensor"],
      fixtures: ["Fixtures"]),
    tests("GANServingTests", ["GANServing"]),
    tests("GANPageTests", ["GANPage"]),
    tests("GANPlotsTests", ["GANTestSupport", "GANPlots", "GANFormats", "CFreeType"]),
    tests(
      "GANNetworksTests",
      ["GANTestSupport", "GANNetworks", "GANRuntime", "GANGraph", "GANTensor"]),
    tests(
      "GANTrainingTests",
      [
        "GANTestSupport", "GANTraining", "GANLearning", "GANNetworks", "GANRuntime", "GANData",
        "GANPlots", "GANGraph", "GANFormats", "GANTensor",
      ]),
    tests(
      "GANEvaluationTests",
      [
        "GANTestSupport", "GANEvaluation", "GANTraining", "GANLearning", "GANNetworks",
        "GANRuntime", "GANData", "GANStatistics", "GANFormats", "GANTensor",
      ]),
    tests(
      "GANLabTests",
      [
        "GANTestSupport", "GANLab", "GANEvaluation", "GANTraining", "GANLearning", "GANRuntime",
        "GANData",
        "GANStatistics", "GANPlots", "GANGraph", "GANFormats", "GANTensor",
      ]),
    tests(
      "GANPlaygroundTests",
      [
        "GANTestSupport", "GANPlayground", "GANLab", "GANTraining", "GANLearning", "GANNetworks",
        "GANRuntime", "GANData", "GANStatistics", "GANGraph", "GANTensor",
      ]),
    tests(
      "GANExportTests",
      [
        "GANTestSupport", "GANExport", "GANTraining", "GANNetworks", "GANRuntime", "GANFormats",
        "GANTensor",
      ]),
    tests(
      "GANCommandsTests",
      [
        "gan", "GANCommands", "GANTestSupport", "GANEvaluation", "GANTraining", "GANNetworks",
        "GANRuntime", "GANData", "GANFormats", "GANTensor",
      ],
      fixtures: ["Help"]),
    tests(
      "SwiftGANTests",
      [
        "SwiftGAN", "gan-server", "GANTestSupport", "GANTraining", "GANLearning", "GANRuntime",
        "GANData", "GANTensor",
      ]),
  ]
)

// Only documentation needs it, and users of the package would resolve it too: see `make documentation`.
if Context.environment["GAN_DOCUMENTATION"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

// Only `Scripts/fuzz` builds it, with the sanitizer that its `main` is part of.
if Context.environment["GAN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "gan-fuzz",
      dependencies: [
        "GANTestSupport", "GANTraining", "GANNetworks", "GANRuntime", "GANData", "GANGraph",
        "GANFormats", "GANTensor", "GANServing", "GANPlayground", "GANLab",
        "CImageLibraries",
      ],
      path: "Fuzz", swiftSettings: swiftSettings))
  package.products.append(.executable(name: "gan-fuzz", targets: ["gan-fuzz"]))
}
