/// Names that other programs have for what this one calls otherwise.
enum FamiliarNames {
  /// Flags, without their lines, and what to write here.
  static let flags: [String: String] = [
    "lr": "--learning-rate", "lrate": "--learning-rate", "lr-g": generatorRate,
    "lr-d": discriminatorRate, "g-lr": generatorRate, "d-lr": discriminatorRate,
    "glr": generatorRate, "dlr": discriminatorRate,
    "num-epochs": "--epochs", "n-epochs": "--epochs", "nepochs": "--epochs", "epoch": "--epochs",
    "max-epochs": "--epochs", "niter": "--epochs", "iterations": "--steps", "iters": "--steps",
    "max-steps": "--steps", "num-steps": "--steps", "kimg": "--steps",
    "batch": "--batch-size", "bs": "--batch-size", "batchsize": "--batch-size",
    "gpu": "--device", "gpus": "--device", "cuda": "--device", "workers": "--threads",
    "num-workers": "--threads", "jobs": "--threads",
    "data": "--data-dir", "dataroot": "--data-dir", "data-root": "--data-dir",
    "data-path": "--data-dir", "root": "--data-dir", "input": "--data-dir",
    "outdir": "--runs-dir", "out": "--runs-dir", "out-dir": "--runs-dir",
    "output-dir": "--runs-dir", "save-dir": "--runs-dir", "logdir": "--runs-dir",
    "nz": "--latent-size", "z-dim": "--latent-size", "latent-dim": "--latent-size",
    "latent": "--latent-size", "noise-dim": "--latent-size", "hidden-dim": "--hidden-size",
    "img-size": "--image-size", "imgsize": "--image-size", "imagesize": "--image-size",
    "resolution": "--image-size", "size": "--image-size",
    "loss": "--objective", "gan-mode": "--objective", "gp": "--penalty wgan-gp",
    "gradient-penalty": "--penalty wgan-gp", "gamma": "--penalty r1 --set penalty.r1.weight=x",
    "model": "--recipe", "arch": "--recipe", "cfg": "--recipe", "preset": "--recipe",
    "checkpoint": "--resume", "ckpt": "--resume", "load": "--resume", "continue": "--resume",
    "manual-seed": "--seed", "manualseed": "--seed", "random-seed": "--seed",
    "b1": beta1, "beta1": beta1, "beta-1": beta1, "n-critic": critics, "ncritic": critics,
    "d-steps": critics, "ema": "--set average.halfLife=10000",
    "mirror": "--set horizontalFlip=true",
    "ndf": "--set 'discriminator.hidden=[64,128]'", "ngf": "--set 'generator.hidden=[128,64]'",
  ]

  /// Options after `--set`, and what they are called here.
  static let options: [String: String] = [
    "lr": "learningRate", "num-epochs": "epochs", "n-epochs": "epochs", "num-steps": "steps",
    "batch": "batchSize", "latent-dim": "latentSize", "nz": "latentSize", "z-dim": "latentSize",
    "loss": "objective", "n-critic": "discriminatorSteps", "ema": "average.halfLife",
    "gamma": "penalty.r1.weight", "lambda": "penalty.wgan-gp.weight",
    "beta1": "optimizer.generator.beta1", "beta2": "optimizer.generator.beta2",
    "img-size": "imageSize", "mirror": "horizontalFlip",
  ]

  /// Objectives and metrics, and what they are called here.
  static let values: [String: String] = [
    "bce": "non-saturating", "vanilla": "non-saturating", "gan": "non-saturating",
    "wgan": "wasserstein", "lsgan": "least-squares", "mse": "least-squares",
    "rgan": "relativistic", "ragan": "relativistic", "fid": "frechet-distance",
    "inception-score": "classifier-score",
  ]

  /// Commands, and what to do here.
  static let commands: [String: String] = [
    "curves": curves, "tensorboard": curves, "loss": curves,
    "generate": "gan sample RUN", "samples": "gan sample RUN", "gen": "gan sample RUN",
    "show": "gan sample RUN --show", "resume": "gan train --resume RUN",
    "continue": "gan train --resume RUN", "download": "gan data fetch NAME",
    "fetch": "gan data fetch NAME", "inspect": "gan data inspect FOLDER",
    "datasets": "gan data list", "dataset": "gan data list", "recipe": "gan recipes list",
    "models": "gan recipes list", "list": "gan recipes list, gan data list",
    "version": "gan --version", "benchmark": "gan bench", "options": "gan train --dry-run",
    "config": "gan train --dry-run", "run": "gan train", "fit": "gan train",
  ]

  /// A name as the tables have it: in small letters, its parts joined by lines.
  static func plain(_ name: String) -> String {
    name.drop { $0 == "-" }.lowercased().replacing("_", with: "-")
  }

  private static let curves = "gan plot RUN -o losses.svg; every run's folder has curves.svg"
  private static let beta1 = "--set optimizer.generator.beta1=0.5"
  private static let critics = "--set discriminatorSteps=5"
  private static let generatorRate = "--set optimizer.generator.learningRate=x"
  private static let discriminatorRate = "--set optimizer.discriminator.learningRate=x"
}
