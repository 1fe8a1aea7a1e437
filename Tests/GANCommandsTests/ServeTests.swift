import Foundation
import GANTestSupport
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension CommandTests {
  @Suite("gan serve")
  struct ServeTests {
    private let scratch: SmallMNIST
    private let folder: String

    init() throws {
      scratch = try SmallMNIST()
      try SmallMNIST.writeLabels(toFolder: scratch.path) { $0 % 10 }
      let run = ShortRun(scratch)
      try #require(run.start(ShortRun.conditional).status == 0)
      folder = try #require(run.folder)
    }

    /// A server on a free port, which ends with its value.
    private final class Server {
      let process = Process()
      let address: String

      init(_ arguments: [String]) throws {
        let output = Pipe()
        process.executableURL = Program.executable
        process.arguments = ["serve"] + arguments + ["--port", "0", "--threads", "1"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
          let part = output.fileHandleForReading.availableData
          guard !part.isEmpty else { break }
          line += part
        }
        address = String(decoding: line, as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines)
      }

      deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }

      func get(
        _ path: String, headers: [String: String] = [:]
      ) async throws -> (status: Int, type: String, body: Data) {
        try await Self.get(path, at: address, headers: headers)
      }

      static func get(
        _ path: String, at address: String, headers: [String: String] = [:]
      ) async throws -> (status: Int, type: String, body: Data) {
        let base = address.split(separator: "?")[0]
        let url = try #require(URL(string: base + path))
        var request = URLRequest(url: url)
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (body, response) = try await URLSession(configuration: .ephemeral).data(for: request)
        let answer = try #require(response as? HTTPURLResponse)
        return (answer.statusCode, answer.value(forHTTPHeaderField: "Content-Type") ?? "", body)
      }
    }

    @Test(
      "A request gets the bytes that gan sample writes",
      arguments: [
        ("sample?seed=3", ["--seed", "3", "--count", "1"], "png"),
        ("sample?seed=4&count=20", ["--seed", "4", "--count", "20"], "png"),
        ("sample?count=3&label=each", ["--count", "3", "--label", "each"], "png"),
        ("sample?seed=5&label=7&count=2", ["--seed", "5", "--label", "7", "--count", "2"], "png"),
        (
          "sample?seed=6&count=130&truncation=0.5&format=npy",
          ["--seed", "6", "--count", "130", "--truncation", "0.5"], "npy"
        ),
        (
          "interpolate?seed=2&count=3&frames=4&label=1&format=npy",
          ["--seed", "2", "--count", "3", "--interpolate", "--frames", "4", "--label", "1"], "npy"
        ),
        (
          "interpolate?seed=2&count=2&frames=3&label=1",
          ["--seed", "2", "--count", "2", "--interpolate", "--frames", "3", "--label", "1"], "gif"
        ),
      ])
    func sameBytes(path: String, flags: [String], ending: String) async throws {
      let server = try Server([folder])
      let answer = try await server.get(path)
      #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
      let file = scratch.path(of: "expected.\(ending)")
      let result = try Program.run(["sample", folder, "-o", file] + flags, in: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
      #expect(try Data(contentsOf: URL(filePath: file)) == answer.body)
    }

    @Test("Many at once get what each alone gets")
    func together() async throws {
      let server = try Server([folder])
      var alone: [Data] = []
      for seed in 0..<40 { alone.append(try await server.get("sample?seed=\(seed)").body) }
      let address = server.address
      let together = try await withThrowingTaskGroup(of: (Int, Data).self) { group in
        for seed in 0..<40 {
          group.addTask {
            (seed, try await Server.get("sample?seed=\(seed)", at: address).body)
          }
        }
        return try await group.reduce(into: [Int: Data]()) { $0[$1.0] = $1.1 }
      }
      #expect((0..<40).allSatisfy { together[$0] == alone[$0] })
      #expect(Set(alone).count > 1)
      withExtendedLifetime(server) {}
    }

    @Test("JSON has the numbers of the array; the page, its description and its health are there")
    func others() async throws {
      let server = try Server([folder])
      struct Samples: Decodable {
        let seed: UInt64
        let labels: [Int]
        let shape: [Int]
        let items: [[Float]]
      }
      let json = try await server.get("sample?seed=9&count=2&format=json")
      let samples = try JSONDecoder().decode(Samples.self, from: json.body)
      #expect(samples.seed == 9 && samples.labels == [0, 1] && samples.shape == [2, 1, 6, 6])
      let array = try await server.get("sample?seed=9&count=2&format=npy").body
      let numbers = [UInt8](array.suffix(2 * 36 * 4)).withUnsafeBytes { bytes in
        (0..<72).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
      }
      #expect(samples.items.flatMap(\.self) == numbers)
      let page = try await server.get("")
      #expect(page.type.hasPrefix("text/html"))
      #expect(String(decoding: page.body, as: UTF8.self).contains("<option>9</option>"))
      let description = try await server.get("openapi.json")
      let document = try #require(
        try JSONSerialization.jsonObject(with: description.body) as? [String: Any])
      #expect(document["openapi"] as? String == "3.1.0")
      #expect((document["paths"] as? [String: Any])?.keys.contains("/sample") == true)
      #expect(try await server.get("healthz").status == 200)
    }

    @Test(
      "Wrong parameters get 400 and a word about it",
      arguments: [
        ("sample?seed=-1", "seed"), ("sample?seed=a", "seed"), ("sample?count=0", "count"),
        ("sample?count=257", "count"), ("sample?label=x", "label"), ("sample?label=10", "label"),
        ("sample?truncation=0", "truncation"), ("sample?format=jpg", "format"),
        ("sample?seeds=1", "no parameter seeds"), ("interpolate?count=1", "count"),
        ("interpolate?frames=3", "label"), ("interpolate?label=1&frames=0", "frames"),
        ("sample?count=100&label=each", "more images"),
      ])
    func wrong(path: String, words: String) async throws {
      let answer = try await Server([folder]).get(path)
      #expect(answer.status == 400)
      #expect(String(decoding: answer.body, as: UTF8.self).contains(words))
    }

    @Test("With a token nobody is let in without it; without one other hosts' names are refused")
    func token() async throws {
      let server = try Server([folder, "--token", "open-sesame"])
      #expect(try await server.get("sample").status == 401)
      let bearer = ["Authorization": "Bearer open-sesame"]
      #expect(try await server.get("sample", headers: bearer).status == 200)
      let wrong = ["Authorization": "Bearer open-sesamo"]
      #expect(try await server.get("sample", headers: wrong).status == 401)
      let open = try Server([folder])
      #expect(try await open.get("sample", headers: ["Origin": "http://example.com"]).status == 403)
    }
  }
}
