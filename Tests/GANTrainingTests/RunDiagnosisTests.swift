import Foundation
import GANData
import GANTensor
import GANTestSupport
import Testing

@testable import GANTraining

@Suite("The end of a run is judged by what it knows")
struct RunDiagnosisTests {
  /// Smooth images, each with a slope of its own.
  private func slopes(count: Int, seed: UInt64 = 1) -> HostTensor {
    var random = SplitMix(seed: seed)
    let images = (0..<count).map { _ -> [Float] in
      let slope = random.reals(2, in: -1...1).map { Float($0) }
      return (0..<64).map { (Float($0 % 8) * slope[0] + Float($0 / 8) * slope[1]) / 16 }
    }
    return HostTensor(shape: [count, 1, 8, 8], images.flatMap(\.self))
  }

  @Test("Equal items have no spread, the real ones have all of theirs, and noise is rough")
  func measures() throws {
    let real = slopes(count: 16)
    let same = SampleMeasures(of: real, beside: real)
    #expect(same.spread == 1 && same.roughness == 1)
    let one = real.floats.prefix(64)
    let copies = HostTensor(shape: [16, 1, 8, 8], (0..<16).flatMap { _ in one })
    #expect(SampleMeasures(of: copies, beside: real).spread == 0)
    var random = SplitMix(seed: 3)
    let noise = HostTensor(shape: [16, 1, 8, 8], random.reals(1_024, in: -1...1).map { Float($0) })
    #expect(try #require(SampleMeasures(of: noise, beside: real).roughness) > 5)
    // Half as far apart, half as rough: both are homogeneous.
    let half = HostTensor(shape: real.shape, real.floats.map { $0 / 2 })
    let halved = SampleMeasures(of: half, beside: real)
    #expect(abs(try #require(halved.spread) - 0.5) < 1e-6)
    #expect(abs(try #require(halved.roughness) - 0.5) < 1e-6)
  }

  @Test("Of few items, of points and of infinities no more is said than can be")
  func limits() {
    let few = SampleMeasures(of: slopes(count: 4), beside: slopes(count: 4))
    #expect(few.spread == nil && few.roughness == 1)
    let points = HostTensor(shape: [8, 2], (0..<16).map { Float($0 % 5) })
    let measured = SampleMeasures(of: points, beside: points)
    #expect(measured.spread == 1 && measured.roughness == nil)
    let infinite = HostTensor(shape: [8, 2], [Float](repeating: .infinity, count: 16))
    #expect(SampleMeasures(of: infinite, beside: points).spread == nil)
  }

  @Test("Few different images are near to each other, copies to the data, and modes are counted")
  func copies() throws {
    let real = slopes(count: 32)
    let (few, size) = (real.floats.prefix(4 * 64), 64)
    let repeated = HostTensor(shape: [32, 1, 8, 8], (0..<8).flatMap { _ in few })
    #expect(SampleMeasures(of: repeated, beside: real).nearest == 0)
    #expect(SampleMeasures(of: real, beside: real).nearest == 1)

    let bytes = real.floats.map { UInt8(($0 + 1) * 127.5) }
    let dataset = ImageDataset(name: "slopes", imageShape: [1, 8, 8], pixels: bytes)
    let items = dataset.items((0..<32).map(Int32.init))
    let search = try #require(CopySearch(in: dataset, like: items))
    #expect(search.closeness(of: items) == 0)
    #expect(try #require(search.closeness(of: slopes(count: 32, seed: 9))) > 0.5)
    #expect(size * 32 <= CopySearch.budget)

    let ring = ToyWorld.ring8.mixture
    let all = ring.modes.flatMap { mode in (0..<10).flatMap { _ in [mode.centre.x, mode.centre.y] }
    }
    let points = HostTensor(shape: [80, 2], all.map { Float($0) })
    #expect(SampleMeasures.Modes(of: points, in: ring) == .init(found: 8, total: 8))
    let half = HostTensor(shape: [80, 2], (all.prefix(80) + all.prefix(80)).map { Float($0) })
    #expect(SampleMeasures.Modes(of: half, in: ring) == .init(found: 4, total: 8))
    #expect(
      SampleMeasures.Modes(
        of: HostTensor(shape: [8, 2], [Float](repeating: 0, count: 16)), in: ring) == nil)
  }

  @Test("Files have measures in single precision, and those of before are read")
  func coding() throws {
    var measures = SampleMeasures(of: slopes(count: 16, seed: 5), beside: slopes(count: 16))
    measures.modes = .init(found: 1, total: 8)
    let read = try JSONDecoder().decode(SampleMeasures.self, from: Data(measures.json.utf8))
    #expect(read == measures)
    let old = #"{"findings":[{"kind":"collapse","evidence":"x"}],"samples":{"spread":0.1}}"#
    let diagnosis = try JSONDecoder().decode(RunDiagnosis.self, from: Data(old.utf8))
    #expect(diagnosis.findings == [.init(.collapse, "x")])
    #expect(diagnosis.samples?.spread == Double(Float(0.1)))
  }

  @Test("One line names the worst with its page and the others by name")
  func line() {
    #expect(RunDiagnosis(findings: [], samples: nil).line.hasPrefix("no sign of collapse"))
    let findings: [RunDiagnosis.Finding] = [
      .init(.noise, "much"), .init(.collapse, "3 of 8 modes", since: 400),
    ]
    #expect(
      RunDiagnosis(findings: findings, samples: nil).line
        == "the generator makes nearly the same of everything (3 of 8 modes, since step 400); "
        + "also: noise; see docs/troubleshooting.md#collapse")
  }
}
