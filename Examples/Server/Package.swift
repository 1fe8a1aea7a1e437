// swift-tools-version: 6.2
import PackageDescription

// A program of its own that uses the library as any other package would.
let package = Package(
  name: "gan-server",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "swift-gan", path: "../..")],
  targets: [
    .executableTarget(
      name: "gan-server", dependencies: [.product(name: "SwiftGAN", package: "swift-gan")])
  ]
)
