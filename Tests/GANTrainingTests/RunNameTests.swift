import Testing

@testable import GANTraining

@Suite("A run's name says what is not as in its recipe")
struct RunNameTests {
  @Test(
    arguments: [
      ([], "mnist-tutorial-seed0"), (["seed=5"], "mnist-tutorial-seed5"),
      (["objective=hinge"], "mnist-tutorial-hinge-seed0"),
      (["penalties=[r1]", "penalty.r1.weight=2"], "mnist-tutorial-r1-r1-weight2.0-seed0"),
      (["hiddenSize=16"], "mnist-tutorial-hidden16-seed0"),
      (["generator.hidden=[96,160]"], "mnist-tutorial-g-hidden96-160-seed0"),
      (
        ["learningRate=0.001", "latentSize=50"],
        "mnist-tutorial-latentSize50-learningRate0.001-seed0"
      ),
      (["discriminatorSteps=5"], "mnist-tutorial-discriminatorSteps5-seed0"),
      (
        ["optimizer.generator.learningRate=2e-4 to 5e-5 over 2000000 cosine"],
        "mnist-tutorial-g-learningRate0.0002-to-5e-05-over-20000-seed0"
      ),
      (["discriminator.normalization=spectral"], "mnist-tutorial-d-normalization-spectral-seed0"),
      (["augmentation=[cutout]"], "mnist-tutorial-cutout-seed0"),
      // How long it is and how it is looked at is no difference.
      (
        ["batchSize=50", "epochs=3", "threads=1", "previewCount=9", "keptMegabytes=1"],
        "mnist-tutorial-seed0"
      ),
      (["recipe=dcgan-28", "penalties=[]"], "mnist-dcgan-28-no-r1-seed0"),
      (["recipe=photos-32", "sharedLatents=false"], "mnist-photos-32-no-sharedLatents-seed0"),
    ] as [([String], String)])
  func name(values: [String], name: String) throws {
    let settings = try OptionSettings(values.map { try OptionAssignment(assignment: $0) })
    var options = settings.options
    options.dataset = "mnist"
    #expect(options.runName == name)
    #expect(
      options.runName.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0))
      })
  }

  @Test("Very many differences are counted")
  func many() throws {
    let values = [
      "discriminatorSteps=2", "latentSize=5", "generator.hidden=[1]", "discriminator.hidden=[2]",
      "generator.activation=tanh", "discriminator.dropout=0.5", "minibatchDeviation=2",
      "optimizer.generator.beta1=0.1",
    ]
    let settings = try? OptionSettings(values.map { try OptionAssignment(assignment: $0) })
    let name = try #require(settings?.options.runName)
    #expect(name.hasSuffix("-and-2-more-seed0"), "\(name)")
  }
}
