package import GANGraph
package import GANLearning
package import GANRuntime
internal import GANTensor

/// A prepared step and the places its host reads and writes, looked up once.
///
/// Its identity is its executable. It belongs to the thread of its device.
package final class StepProgram {
  let executable: any Executable
  /// Its batches.
  let updates: [StepGraph.Update]
  let detail: StepGraph.Detail
  let outputNames: [String]
  /// The names of its readings, in order.
  package let readingNames: [String]
  /// The hyperparameters that its host writes before each run: those that its graph has kept.
  let hyperparameters: [HyperparameterInput]
  private let scalarPlaces: [InputPlace]
  private var scalars: [Float]
  /// The places of each data set's items in each batch; nil where no update sees that batch of it.
  private let indices: [[InputPlace?]]
  /// Room for the items of each batch while they are found.
  var rows: [[Int32]]
  private let outputs: [OutputPlace]
  private let division: BatchDivision
  private let packing: Int
  /// The places of this rank's number and of the sum of all ranks'; nil where there is one rank.
  private let signalPlaces: (own: InputPlace, sum: OutputPlace)?
  private var scalarsOfSignal: [Float] = [0]
  /// The number that this rank sends with its next run.
  var ownSignal: Float = 0
  /// The sum of all ranks' numbers in the last run.
  private(set) var signal: Float = 0
  /// The readings of its last run.
  package private(set) var values: [Float]

  /// - Parameters:
  ///   - graph: The graph that was prepared, after every pass.
  ///   - division: The division that the graph was made for.
  package init(
    _ executable: any Executable, of written: WrittenStep, as graph: Graph,
    dividedBy division: BatchDivision = BatchDivision()
  ) throws {
    let (step, inputNames) = (written.step, graph.inputNames)
    (self.executable, self.division) = (executable, division)
    packing = step.game.packing
    let signal = WrittenStep.signalName
    signalPlaces =
      division.rankCount > 1
      ? (try executable.input(signal), try executable.output(signal)) : nil
    updates = step.updates
    detail = step.detail
    outputNames = graph.outputs.map(\.name).filter { $0 != WrittenStep.signalName }
    readingNames = written.readings.map(\.name)
    hyperparameters = written.hyperparameters.filter { inputNames.contains($0.inputName) }
    scalarPlaces = try hyperparameters.map { try executable.input($0.inputName) }
    scalars = [Float](repeating: 0, count: hyperparameters.count)
    indices = try step.game.data.map { set in
      try step.updates.indices.map { index in
        let name = StepGraph.indicesInput(index, of: set.name)
        return try inputNames.contains(name) ? executable.input(name) : nil
      }
    }
    rows = step.updates.map { [Int32](repeating: 0, count: $0.batchSize) }
    outputs = try written.readings.map { try executable.output($0.output) }
    values = [Float](repeating: 0, count: readingNames.count)
  }

  /// Sets the items of a data set in a batch, if an update sees them: the first of `rows`, as many
  /// as it takes, of which a rank has its own.
  package func setIndices(_ rows: ArraySlice<Int32>, ofBatch batch: Int, ofSet set: Int = 0) {
    guard let place = indices[set][batch] else { return }
    let packs = division.ownUnits(of: updates[batch].batchSize / packing)
    let start = rows.startIndex + packs.lowerBound * packing
    executable.write(rows[start..<start + packs.count * packing], to: place)
  }

  /// Gives hyperparameters their values; allocates nothing.
  package func setHyperparameters(_ value: (HyperparameterInput) -> Double) {
    for index in hyperparameters.indices {
      scalars[index] = hyperparameters[index].scalar(of: value(hyperparameters[index]))
      executable.write(scalars[index...index], to: scalarPlaces[index])
    }
  }

  /// Runs the step, then keeps its readings before others use its memory; allocates nothing.
  package func run() {
    if let signalPlaces {
      scalarsOfSignal[0] = ownSignal
      executable.write(scalarsOfSignal, to: signalPlaces.own)
    }
    executable.run()
    if let signalPlaces { signal = executable.float(signalPlaces.sum) }
    for index in outputs.indices { values[index] = executable.float(outputs[index]) }
  }
}
