import Foundation
import GANData
import GANFormats
import GANLab
import GANStatistics
import GANTensor
import Testing

@Suite("Distributions are what is written")
struct NamedDistributionTests {
  @Test("A sum of terms is the mixture of what they name")
  func sums() throws {
    for (text, dimension, components) in [
      ("normal(0,1)", 1, [(1.0, 0.0, 0.0, 1.0)]),
      (" 0.5 * normal(-2, 0.5) + 1.5*normal(2e+0,1)", 1, [(0.25, -2, 0, 0.5), (0.75, 2, 0, 1)]),
      ("normal2d(1,-2,0.5)", 2, [(1, 1, -2, 0.5)]),
    ] {
      let mixture = try #require(try NamedDistribution(text).mixture)
      #expect(mixture.dimension == dimension)
      #expect(mixture.components.count == components.count)
      for (component, (weight, x, y, deviation)) in zip(mixture.components, components) {
        #expect(component.weight == weight)
        #expect(component.centre == SIMD2(x, y))
        #expect(component.extents.x == deviation)
      }
    }
  }

  @Test("A world has its usual size, or the one that is asked for")
  func worlds() throws {
    #expect(try NamedDistribution("grid-25").mixture == ToyWorld.grid25.mixture)
    #expect(
      try NamedDistribution("ring-8(2,0.3)").mixture
        == ToyWorld.ring8.mixture(size: 2, deviation: 0.3))
  }

  @Test("A list is probabilities, and a file either")
  func lists() throws {
    let expected = NamedDistribution.Value.discrete(
      try DiscreteDistribution(probabilities: [0.1, 0.2, 0.7]))
    #expect(try NamedDistribution("0.1, 0.2,0.7").value == expected)
    let path = NSTemporaryDirectory() + "/gan-lab-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try AtomicFile.write([UInt8]("[0.1, 0.2, 0.7]".utf8), to: path)
    #expect(try NamedDistribution(path).value == expected)
    let mixture = #"{"components": [{"weight": 1, "mean": [1, 2], "deviation": 3}]}"#
    try AtomicFile.write([UInt8](mixture.utf8), to: path)
    #expect(try NamedDistribution(path).mixture?.components.first?.centre == SIMD2(1, 2))
  }

  @Test(
    "What means nothing is refused with the reason",
    arguments: [
      ("normal(0)", "write normal(mean,deviation)"), ("normal(0,x)", "is no list of numbers"),
      ("normal(0,1", "lacks a closing bracket"), ("", "nothing is no distribution"),
      ("gauss(0,1)", "gauss is no distribution"), ("x*normal(0,1)", "x is no weight"),
      ("normal(0,1)+normal2d(0,0,1)", "all terms must be over the line"),
      ("normal(0,-1)", "must be from 1e-9"), ("normal(1e17,1)", "no centre further"),
      ("ring-8(1,2,3)", "takes a size and a deviation"),
      ("0.5,0.4", "must sum to 1"), ("0.5,-0.5,1", "must not be negative"),
    ])
  func refusals(text: String, reason: String) throws {
    let error = try #require(throws: SpecificationError.self) { try NamedDistribution(text) }
    #expect(error.specification == text)
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test("Outcomes are not compared with densities, nor the line with the plane")
  func pairs() throws {
    let (line, plane) = (try NamedDistribution("normal(0,1)"), try NamedDistribution("ring-8"))
    let outcomes = try NamedDistribution("0.5,0.5")
    #expect(throws: SpecificationError.self) { try DivergenceExperiment(outcomes, line) }
    #expect(throws: EvaluationError.dimensions(1, 2)) { try DivergenceExperiment(line, plane) }
    #expect(throws: SpecificationError.self) { try OptimumExperiment.Pair(line, plane) }
    #expect(throws: SpecificationError.self) { try OptimumExperiment.Pair(outcomes, outcomes) }
    #expect(throws: SpecificationError.self) { try DescentExperiment(outcomes) }
  }
}
