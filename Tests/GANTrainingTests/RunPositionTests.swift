import GANTraining
import Testing

@Suite("A run knows where it is")
struct RunPositionTests {
  @Test(
    "Epochs and their steps count from 1",
    arguments: [
      (1, 1, 1, false), (599, 1, 599, false), (600, 1, 600, true), (601, 2, 1, false),
      (1_249, 3, 49, false), (1_250, 3, 50, true),
    ])
  func epochsAndSteps(step: Int, epoch: Int, stepOfEpoch: Int, endsRound: Bool) {
    let position = RunPosition(step: step, stepsPerEpoch: 600, totalSteps: 1_250)
    #expect(position.epoch == epoch)
    #expect(position.stepOfEpoch == stepOfEpoch)
    #expect(position.endsRound == endsRound)
    #expect(position.epochCount == 3)
  }

  @Test(
    "Reports come every interval of an epoch, and at least once in it",
    arguments: [
      (600, 1_200, [200, 400, 600, 800, 1_000, 1_200]),
      (469, 938, [200, 400, 669, 869]),
      (60, 120, [60, 120]),
      (600, 50, [50]),
    ])
  func reports(stepsPerEpoch: Int, totalSteps: Int, expected: [Int]) {
    let due = (1...totalSteps).filter {
      RunPosition(step: $0, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps)
        .isReportDue(every: 200)
    }
    #expect(due == expected)
  }

  @Test("Checkpoints come with whole epochs and with the end")
  func checkpoints() {
    let due = (1...55).filter {
      RunPosition(step: $0, stepsPerEpoch: 10, totalSteps: 55).isCheckpointDue(everyRounds: 2)
    }
    #expect(due == [20, 40, 55])
  }
}
