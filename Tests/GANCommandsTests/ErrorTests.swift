import Foundation
import GANTestSupport
import Testing

extension CommandTests {
  @Suite("Errors name the value, its source and the fix")
  struct ErrorTests {
    /// `DATA` stands for a folder with data, `FILE` for a file that is not ours.
    struct Case: CustomTestStringConvertible {
      let arguments: String
      let status: Int32
      let message: String

      init(_ arguments: String, _ status: Int32, _ message: String) {
        (self.arguments, self.status, self.message) = (arguments, status, message)
      }

      var testDescription: String { arguments }
    }

    @Test(arguments: [
      Case("train --frobnicate", 64, "error: Unknown option '--frobnicate'"),
      Case(
        "train --batch-size 0", 64,
        "error: --batch-size: batchSize must be a whole number from 1 to 65536, got 0\n"),
      Case(
        "train --set batchSiez=3", 64,
        "error: --set batchSiez=3: no option is called batchSiez\n  = help: did you mean batchSize?"
      ),
      Case("train --set batchSize", 64, "error: --set batchSize: not of the form key.path=value\n"),
      Case(
        "train --objective hing", 64,
        "error: --objective: objective must be one of non-saturating, minimax, least-squares, "
          + "hinge, wasserstein, relativistic, got hing\n"),
      Case(
        "train --penalty r1 --penalty r3", 64,
        "error: --penalty: must be one of wgan-gp, dragan, r1, r2, approximate-r1, "
          + "approximate-r2, lecam; got r3\n"
          + "  = help: did you mean r1?\n"
          + "  = help: --penalty takes one; give it again for another\n"),
      Case(
        "train --penalty [wgan-gp]", 64,
        "error: --penalty: must be one of wgan-gp, dragan, r1, r2, approximate-r1, "
          + "approximate-r2, lecam; got [wgan-gp]\n"),
      Case(
        "train --set penalties=[r1,r3]", 64,
        "error: --set penalties=[r1,r3]: penalties must be a list of wgan-gp, dragan, r1, r2, "
          + "approximate-r1, approximate-r2, lecam, such as "
          + "[wgan-gp], got [r1,r3]\n"),
      Case("train --recipe tutorail", 64, "did you mean tutorial?"),
      Case("train --objective hing", 64, ", got hing\n  = help: did you mean hinge?\n"),
      Case("train --objective lsgan", 64, "  = help: did you mean least-squares?\n"),
      Case("train --set augmentation=[color,cutuot]", 64, "  = help: did you mean cutout?\n"),
      Case("train --set generator.activation=tahn", 64, "  = help: did you mean tanh?\n"),
      Case(
        "train --penalty wgan_gp", 64,
        "got wgan_gp\n  = help: did you mean wgan-gp?\n  = help: --penalty takes one"),
      Case("train --objective frobnicate", 64, ", got frobnicate\n"),
      Case("train --on-collapse stap", 64, "  = help: did you mean stop?\n"),
      Case("evaluate DATA --metrics kid,recal", 64, "  = help: did you mean recall?\n"),
      Case("evaluate DATA --metrics fid", 64, "  = help: did you mean frechet-distance?\n"),
      Case("sample DATA/train-image-idx3-ubyte", 66, "/train-images-idx3-ubyte?\n"),
      Case("train --data-dir DATAA", 66, "  = help: did you mean /"),
      Case("train --config DATA/train-images-idx3-ubytes", 66, "/train-images-idx3-ubyte?\n"),
      Case("train --dataset mnsit", 64, "did you mean mnist?"),
      Case(
        "train --device gpu", 64,
        "error: --device: device must be auto, cpu or reference, got gpu\n"),
      Case("sample FILE --count 0", 64, "error: --count must be from 1 to 1000000, got 0"),
      Case("train --data-dir FILE", 66, "error: --data-dir FILE: not a folder: FILE\n"),
      Case("sample FILE", 65, "error: safetensors file is corrupt: FILE ("),
      Case("info FILE", 65, "error: safetensors file is corrupt: FILE ("),
      Case("train --data-dir /nowhere", 66, "error: --data-dir /nowhere: no such file or folder"),
      Case("train --dataset kmnist", 69, "error: cannot fetch kmnist: dataMirror=none forbids"),
      Case("bench --dataset kmnist", 66, "  = help: gan data fetch kmnist\n"),
      Case("train --dataset strokes --data-dir DATA", 78, "the data set strokes is built in"),
      Case("data fetch mnsit", 64, "did you mean mnist?"),
      Case("data fetch strokes", 64, "error: strokes is built in: there is nothing to fetch\n"),
      Case("data fetch mnist --mirror http://127.0.0.1:1", 69, "http://127.0.0.1:1/mnist: "),
      Case("data inspect mnist", 66, "  = help: gan data fetch mnist\n"),
      Case("data inspect mnsit", 66, "did you mean mnist?"),
      Case("data inspect FILE", 66, "error: neither a data set nor a folder: FILE\n"),
      Case("sample /nowhere", 66, "error: no such file or folder: /nowhere\n"),
      Case("sample DATA", 66, "error: not a run with weights: DATA"),
      Case(
        "train --device cuda", 69,
        "error: --device: this version computes on the processor only, not on cuda\n"),
      Case("train --data-dir DATA --runs-dir FILE/runs", 73, "error: cannot write FILE/runs: "),
      Case(
        "train --data-dir DATA --epochs 1 --hidden-size 8 --objective hinge --learning-rate 1e30",
        75,
        "error: the run diverged at step 1, in epoch 1: generator.0.weight is not finite\n"),
      Case(
        "train --set packing=3", 78,
        "error: a batch holds whole packs, but packing 3 does not divide batchSize 100\n"),
      Case(
        "train --set penalty.r1.weight=3", 78,
        "error: --set penalty.r1.weight=3 has no effect: penalty.r1.weight applies only with "
          + "--penalty r1\n"),
      Case(
        "train --epochs 1 --steps 1", 78,
        "error: --epochs and --steps both give the length of the run\n"),
    ])
    func exitCodeAndMessage(_ test: Case) throws {
      let scratch = try SmallMNIST()
      let file = scratch.path(of: "train-images-idx3-ubyte")
      func filled(_ text: String) -> String {
        text.replacing("DATA", with: scratch.path).replacing("FILE", with: file)
      }
      let result = try Program.run(
        filled(test.arguments).split(separator: " ").map(String.init), in: scratch.path)
      #expect(result.status == test.status)
      #expect(result.errors.contains(filled(test.message)), "\(result.errors)")
      #expect(result.output.isEmpty)
    }
  }
}
