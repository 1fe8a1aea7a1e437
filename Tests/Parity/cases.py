"""The runs that are traced and replayed: what each is asked for, and whether it was given."""

import json
from dataclasses import dataclass
from typing import Any

from from_seed import steps_of_epoch
from trace_file import Trace, TraceError

LARGE_SEED = 2**63 + 12345
STEPS = 20
SMALL_STEPS = 5


@dataclass(frozen=True)
class Shape:
    """Sizes of both networks, from inputs to outputs, and the options that ask for them."""

    flags: tuple[str, ...]
    generator: tuple[int, ...]
    discriminator: tuple[int, ...]


SHAPES = {
    "tutorial": Shape((), (64, 256, 256, 784), (784, 256, 256, 1)),
    "latents 100, hidden 128": Shape(
        ("--latent-size", "100", "--hidden-size", "128"), (100, 128, 128, 784), (784, 128, 128, 1)
    ),
    "other depths": Shape(
        ("--set", "generator.hidden=[96,160,64]", "--set", "discriminator.hidden=[200]"),
        (64, 96, 160, 64, 784), (784, 200, 1),
    ),
    "points": Shape(
        ("--latent-size", "5", "--set", "generator.hidden=[24]",
         "--set", "discriminator.hidden=[24,16]"),
        (5, 24, 2), (2, 24, 16, 1),
    ),
    "small": Shape(
        ("--latent-size", "16", "--set", "generator.hidden=[40]",
         "--set", "discriminator.hidden=[48,32]"),
        (16, 40, 784), (784, 48, 32, 1),
    ),
}


@dataclass(frozen=True)
class Case:
    """One run to trace."""

    objective: str | None = "non-saturating"
    """None for the recipe's."""
    recipe: str = "tutorial"
    batch_size: int | None = 100
    seed: int = 0
    shape: str | None = "tutorial"
    """None for the recipe's networks."""
    discriminator_steps: int = 1
    image_count: int | None = None
    """Only the first so many images of the data set; None for all."""
    side: int = 28
    """Rows and columns of its images: black is put around those of MNIST."""
    is_coloured: bool = False
    """Whether they have three channels, each another picture of the same digit."""
    penalties: tuple[str, ...] = ()
    packing: int = 1
    options: tuple[str, ...] = ()
    """More options as `--set` takes them."""
    steps: int = STEPS

    def flags(self) -> list[str]:
        """The case as options of `gan trace` and `gan train`."""
        flags = ["--recipe", self.recipe, "--seed", str(self.seed)]
        if self.objective:
            flags += ["--objective", self.objective]
        if self.batch_size:
            flags += ["--batch-size", str(self.batch_size)]
        if self.shape:
            flags += SHAPES[self.shape].flags
        for penalty in self.penalties:
            flags += ["--penalty", penalty]
        settings = list(self.options)
        if self.discriminator_steps > 1:
            settings.append(f"discriminatorSteps={self.discriminator_steps}")
        if self.packing > 1:
            settings.append(f"packing={self.packing}")
        for setting in settings:
            flags += ["--set", setting]
        return flags

    def check(self, trace: Trace) -> None:
        """Raises where the run was not the one asked for: an ignored option proves nothing."""
        first_step = steps_of_epoch(trace.options, trace.options["datasetCount"])[0]
        wanted: dict[str, tuple[Any, Any]] = {
            "steps": (trace.step_count, self.steps),
            "recipe": (trace.options["recipe"], self.recipe),
            "seed": (trace.seed, self.seed),
            "discriminator updates": (trace.discriminator_update_count(0), len(first_step)),
        }
        if self.objective:
            wanted["objective"] = (trace.options["objective"], self.objective)
            wanted["penalties"] = (tuple(trace.options["penalties"]), self.penalties)
        if self.batch_size:
            wanted["batchSize"] = (trace.options["batchSize"], self.batch_size)
        if self.shape:
            inputs, *outputs = SHAPES[self.shape].discriminator
            wanted["generator"] = (
                trace.linear_sizes("generator"), SHAPES[self.shape].generator
            )
            wanted["discriminator"] = (
                trace.linear_sizes("discriminator"), (inputs * self.packing, *outputs)
            )
        for setting in self.options:
            path, _, text = setting.partition("=")
            wanted[path] = (_option(trace, path), _value(text))
        for name, (got, expected) in wanted.items():
            if got != expected:
                raise TraceError(f"{name}: asked for {expected}, the trace has {got}")

    @property
    def has_images(self) -> bool:
        """Whether it trains on the images of the data set, and not on a toy world's points."""
        return self.recipe != "ring-8"

    def networks(self) -> str:
        """Everything but the objective, the batch and the seed, in a few words."""
        words = [] if self.recipe == "tutorial" else [self.recipe]
        if self.shape:
            words.append(self.shape)
        if self.image_count is not None:
            words.append(f"{self.image_count} images")
        if self.discriminator_steps > 1:
            words.append(f"{self.discriminator_steps} discriminator steps")
        if self.packing > 1:
            words.append(f"packs of {self.packing}")
        return ", ".join([*words, *self.options])


def _option(trace: Trace, path: str) -> Any:
    value: Any = trace.options
    for key in path.split("."):
        value = value[key]
    return value


def _value(text: str) -> Any:
    """What `--set` makes of a text, as JSON has it; names need no quotes there."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text.strip("[]").split(",") if text.startswith("[") else text


OBJECTIVES = (
    "non-saturating", "minimax", "least-squares", "hinge", "wasserstein", "relativistic"
)
PENALTIES = ("wgan-gp", "dragan", "r1", "r2")

TUTORIAL_CASES = [
    Case(),
    Case(objective="minimax"),
    Case(batch_size=37),
    Case(objective="minimax", batch_size=37, seed=1),
    Case(batch_size=128, seed=LARGE_SEED),
    Case(objective="minimax", batch_size=128),
    Case(seed=1, shape="latents 100, hidden 128"),
    Case(objective="minimax", seed=LARGE_SEED, shape="latents 100, hidden 128"),
    Case(batch_size=37, seed=LARGE_SEED, shape="other depths"),
    Case(objective="minimax", batch_size=128, seed=1, shape="other depths"),
    # 8 batches an epoch, the last of 104: 20 steps cross two ends of an epoch.
    Case(batch_size=128, image_count=1000),
    # The same with 3 steps an epoch, the last holding 2 discriminator updates of 3.
    Case(objective="minimax", batch_size=128, discriminator_steps=3, image_count=1000),
    Case(objective="wasserstein", penalties=("wgan-gp",), discriminator_steps=5, steps=8),
]


def small(objective: str, *penalties: str, **others: Any) -> Case:
    """A case that takes no time: 4 batches an epoch, the last of 37, crossed by 5 steps."""
    sizes = {"batch_size": 40, "shape": "small", "image_count": 157, "steps": SMALL_STEPS}
    return Case(objective=objective, penalties=penalties, **(sizes | others))


SMALL_CASES = [
    *(small(objective) for objective in OBJECTIVES),
    *(small(objective, penalty) for objective in OBJECTIVES for penalty in PENALTIES),
    small("wasserstein", discriminator_steps=3, options=("wasserstein.clip=0.02",)),
    small("relativistic", discriminator_steps=3, seed=LARGE_SEED),
    # Everything at once, each with coefficients of its own.
    small("hinge", *PENALTIES, seed=1, options=(
        "penalty.wgan-gp.weight=3", "penalty.dragan.weight=0.5", "penalty.r1.weight=0.1",
        "penalty.r2.weight=20")),
    # Without second derivatives.
    small("non-saturating", "approximate-r1", "approximate-r2", seed=1, options=(
        "penalty.approximate-r1.weight=0.5",)),
    small("hinge", "lecam"),
    small("relativistic", "r1", "lecam", discriminator_steps=2, steps=7, options=(
        "penalty.lecam.interval=3", "penalty.lecam.weight=0.1 to 0.5 over 300 linear")),
    # Lazily: the number of the update decides, not that of the step.
    small("non-saturating", "r1", steps=9, options=("penalty.r1.interval=4",)),
    small("wasserstein", "wgan-gp", "r2", steps=7, discriminator_steps=3, options=(
        "penalty.wgan-gp.interval=2", "penalty.r2.interval=5")),
    # The last batch, of 37, drops what fills no pack.
    *(small(objective, packing=2) for objective in OBJECTIVES),
    small("non-saturating", *PENALTIES, packing=4, seed=1),
    small("wasserstein", "wgan-gp", packing=5, discriminator_steps=2),
    # Points, and activations whose second derivatives count.
    *(Case(recipe="ring-8", objective=objective, penalties=PENALTIES, batch_size=40,
           shape="points", steps=SMALL_STEPS, options=(
               "generator.activation=softplus", f"discriminator.activation={activation}"))
      for objective, activation in [("hinge", "tanh"), ("wasserstein", "softplus")]),
    # Whose last batch holds no pack at all: 3 batches an epoch.
    small("minimax", "r1", packing=40, steps=7),
]


def of_recipe(recipe: str, *options: str, **others: Any) -> Case:
    """A case of a recipe as it is, for a few steps."""
    given = {"objective": None, "batch_size": None, "shape": None, "steps": SMALL_STEPS}
    return Case(recipe=recipe, options=options, **(given | others))


def variant(*options: str, recipe: str = "dcgan-28", **others: Any) -> Case:
    """A small case of a recipe: 4 batches an epoch, the last a smaller one, crossed by 5 steps."""
    narrow = () if recipe == "cgan" else ("generator.hidden=[12,8]", "discriminator.hidden=[8,12]")
    return of_recipe(recipe, *narrow, *options, **({"batch_size": 16, "image_count": 61} | others))


RECIPE_CASES = [
    of_recipe("mlp-large"),
    of_recipe("dcgan-28"),
    of_recipe("quick-28"),
    of_recipe("dcgan-32", side=32, image_count=1000, batch_size=32),
    of_recipe("sngan-32", side=32, image_count=1000, batch_size=8, seed=1),
    of_recipe("wgan-gp", batch_size=32),
    of_recipe("r3gan-32", side=32, image_count=1000, batch_size=8),
    of_recipe("cgan"),
    of_recipe("acgan"),
    of_recipe("projection"),
]

VARIANT_CASES = [
    # The networks for 64 × 64, fed smaller images, in colour.
    of_recipe("dcgan-64", "generator.hidden=[16,12,8,4]", "discriminator.hidden=[4,8,12,16]",
              side=32, is_coloured=True, batch_size=16, image_count=61),
    variant("augmentation=[color,translation]", "horizontalFlip=true", recipe="sngan-32", side=32,
            is_coloured=True, batch_size=8, image_count=29, discriminator_steps=2),
    # Three stages of blocks with one, two and four groups, whose derivatives have no kinks.
    of_recipe("r3gan-32", "generator.hidden=[32,16,8]", "discriminator.hidden=[8,16,16]", "blocks=2",
              "generator.activation=softplus", "discriminator.activation=softplus",
              "conditioning=projection", "horizontalFlip=true", batch_size=8, image_count=29),
    # Whose derivatives have no kinks.
    variant("generator.activation=softplus", "discriminator.activation=tanh"),
    variant("augmentation=[color,translation,cutout]", "horizontalFlip=true"),
    variant("augmentation=[translation]", "sharedLatents=false", "initialization=he", packing=2),
    # The published augmentation of few pictures, in gray and in colour, with other probabilities.
    variant("augmentation=[geometry,photometry,cutout]"),
    variant("augmentation=[geometry,photometry]", "augmentationTarget=0.1",
            "augmentationImages=40", recipe="sngan-32", side=32, is_coloured=True, batch_size=8,
            image_count=29, discriminator_steps=2),
    variant("augmentation=[geometry,photometry,color,translation,cutout]",
            "augmentationTarget=0", "augmentationImages=60", objective="relativistic",
            penalties=("r1",)),
    variant("minibatchDeviation=4", "initialization=orthogonal", packing=2),
    variant("generator.normalization=instance", "discriminator.normalization=instance"),
    variant("generator.normalization=layer", "discriminator.normalization=layer",
            "generator.dropout=0.2", "discriminator.dropout=0.3"),
    variant("average.halfLife=100", "average.rampUp=0.5", discriminator_steps=2),
    variant("average.halfLife=40", "average.rampUp=0", "generator.normalization=spectral",
            seed=1),
    variant("average.halfLife=100", "average.postHoc=true", seed=1),
    # Every penalty at once, of batches whose statistics it may use and not change.
    variant(objective="non-saturating", penalties=PENALTIES, seed=1),
    variant("discriminator.dropout=0.3", "penalty.r1.interval=2", objective="hinge",
            penalties=("wgan-gp", "dragan", "r1"), discriminator_steps=2),
    variant("horizontalFlip=true", "augmentation=[cutout]", objective="relativistic",
            penalties=("r1",), discriminator_steps=2),
    variant("conditioning=concatenation", "augmentation=[color]", recipe="wgan-gp",
            discriminator_steps=2),
    variant("conditioning=concatenation", recipe="sngan-32", side=32, batch_size=8,
            image_count=29, discriminator_steps=2),
    variant("conditioning=projection", "minibatchDeviation=3", recipe="sngan-32", side=32,
            batch_size=8, image_count=29, discriminator_steps=2),
    variant("discriminator.normalization=spectral", recipe="acgan", objective="wasserstein",
            penalties=("r2",)),
    variant("generator.hidden=[24,32]", "discriminator.hidden=[32,24]", "sharedLatents=true",
            "discriminator.normalization=batch", recipe="cgan"),
    of_recipe("ring-8", "generator.normalization=batch", "discriminator.dropout=0.2",
              "minibatchDeviation=4", "discriminator.normalization=spectral", batch_size=40),
]

# What follows a schedule, over the first few epochs; versions before schedules know none of it.
SCHEDULED_CASES = [
    small("non-saturating", "wgan-gp", "r1", steps=9, discriminator_steps=2, options=(
        "optimizer.generator.learningRate=0.002 to 0.0005 over 500 cosine",
        "optimizer.discriminator.learningRate=0.0005 to 0.002 over 300 linear",
        "optimizer.discriminator.beta2=0.9 to 0.99 over 400 cosine",
        "penalty.r1.weight=10.0 to 1.0 over 350 cosine", "penalty.r1.interval=2",
        "penalty.wgan-gp.weight=0.0 to 5.0 over 450 linear")),
    variant("augmentation=[color,translation,cutout]",
            "augmentationStrength=0.0 to 1.0 over 100 linear",
            "average.halfLife=0.0 to 200.0 over 120 cosine", "average.rampUp=0", steps=9),
    variant("augmentation=[geometry,photometry,color,translation,cutout]",
            "augmentationStrength=0.7", "augmentationProbability=0.0 to 0.9 over 100 linear",
            steps=9),
    variant("augmentationStrength=0.5", "augmentation=[translation]",
            "optimizer.generator.beta2=0.9 to 0.99 over 60 linear"),
]

CASES = TUTORIAL_CASES + SMALL_CASES + RECIPE_CASES + VARIANT_CASES
QUICK_CASES = [
    CASES[0], CASES[3], CASES[8], CASES[10], *SMALL_CASES[-4:], RECIPE_CASES[1], RECIPE_CASES[7],
    *VARIANT_CASES[:3],
]
GENERATOR_CASES = [
    Case(), Case(seed=LARGE_SEED, shape="other depths"), of_recipe("mlp-large"),
    of_recipe("dcgan-28"), variant(recipe="sngan-32", side=32, discriminator_steps=2),
    of_recipe("cgan"), variant(recipe="projection"),
]
