import GANData
import GANLearning
import GANNetworks
import GANPlots
import GANStatistics
import GANTraining

extension StackedAblationExperiment {
  package func account(of results: Results) -> Account {
    let options = games[0].options
    let floor = results.floor
    return Account(
      title: "Which parts of a relativistic loss with R1 and R2 do stacked images need?",
      text: """
        \(AblatedLoss.publishedClaim)

        \(table(results).text)

        Ours: `\(data.name)`, \(words(ofSeeds: seeds))\
        \(seeds.count > 1 ? "; mean and standard error over seeds" : "").

        **How obtained.** The modes are the \(floor.modeCount) tuples of classes of \(stack.depth) \
        images of \(stack.images.name), nearly equally frequent. After \(options.totalSteps) steps of \
        \(options.batchSize) images the \(options.average.isOn ? "average of the generator" : "generator") makes \
        \(sampleCount) images, and a classifier of \(stack.images.name) reads each channel. A mode is seen if one \
        image has it; the KL divergence is that of the modes' shares from equal ones, in nats. Of perfect images \
        it would be about (modes - 1) / (2 images), \
        \(significant(Double(floor.modeCount - 1) / Double(2 * floor.count), 2)). Hidden channels of the generator \
        \(options.generator.hidden), of the discriminator \(options.discriminator.hidden); learning rates \
        \(options.optimizer.generator.learningRate) and \(options.optimizer.discriminator.learningRate); weight of \
        every penalty \(weight). Seconds are those of a seed's training alone, threads: \(options.threads).

        \(diverged(results))
        """,
      pictures: [Account.Picture("curves", curves(results))],
      grids: results.losses.compactMap { result in
        result.runs.first?.samples.map {
          Account.Grid("samples-\(result.loss.name)", title: result.loss.label, $0)
        }
      })
  }

  private func table(_ results: Results) -> MarkdownTable {
    let floor = results.floor
    var table = MarkdownTable(
      "loss", "modes of \(floor.modeCount)", "KL from equal shares, nats", "seconds")
    for result in results.losses {
      table.add(
        result.loss.label, result.modes?.words(seeds.count > 1 ? 1 : 0) ?? "diverged",
        result.divergence?.words(4) ?? "",
        fixed(result.runs.map(\.trainingSeconds).reduce(0, +) / Double(result.runs.count), 0))
    }
    table.add(
      "real images, \(floor.count)", "\(floor.captured)", fixed(floor.divergence, 4), "")
    return table
  }

  private func diverged(_ results: Results) -> String {
    let lost = results.losses.flatMap { result in
      result.runs.compactMap { run in
        run.divergedAtStep.map { "\(result.loss.label), seed \(run.seed), after step \($0)" }
      }
    }
    return lost.isEmpty
      ? "" : "Not finite to the end, and so in no mean: \(lost.joined(separator: "; "))."
  }

  private func curves(_ results: Results) -> Figure {
    let floor = results.floor
    func plot(_ axis: Axis, _ real: Double, _ value: (Reading) -> Double) -> Plot {
      Plot(
        x: Axis("step"), y: axis,
        layers: results.losses.map { result in
          .line(
            Line(
              result.loss.label, runs: result.runs.map { $0.curve.map { ($0.step, value($0)) } }))
        } + [.rule(Rule("real images", y: real))])
    }
    return Figure(
      "Modes that are seen while the losses train",
      caption: "\(data.name), \(sampleCount) images, \(words(ofSeeds: seeds))"
        + (seeds.count > 1 ? "; mean, and from the least to the greatest" : ""),
      plots: [
        plot(
          Axis("modes of \(floor.modeCount)", range: 0...Double(floor.modeCount)),
          Double(floor.captured)
        ) { Double($0.modes) },
        plot(Axis("KL from equal shares, nats", scale: .log10), floor.divergence, \.divergence),
      ], columns: 2, hasSharedLegend: true, width: 960, rowHeight: 380)
  }
}
