#!/usr/bin/env python3
"""Replays files of `gan trace` in PyTorch, in double precision, and judges every tensor.

Each step is recomputed at the run's own parameters: the replay's optimisers take the recorded
gradients. Whatever is random, initial parameters and, given the data set, batches are rebuilt from
the seed.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

import augmentation
import from_seed
import initial_values
import penalties
from adapted_probability import AdaptedProbability
from augmentation import augment, flip
from from_seed import DataSet
from judgement import (
    ALLOWED, GRADIENT_FLOOR, GRADIENT_OUTLIER, Judgement, Kind, Measurement, norm, relative_error,
)
from kinks import Kinks, Unit
from objectives import OBJECTIVES
from penalties import PENALTIES, Judged, Update
from player import Average, Player, PowerAverage
from schedules import value_at
from trace_file import PLAYERS, Trace, TraceError


@dataclass(frozen=True)
class Outcome:
    """What an update computes before anybody learns of it."""

    player: Player
    """Who is to learn."""
    terms: list[Tensor]
    """What the loss is the sum of."""
    scalars: dict[str, Tensor]
    """What else is recorded, by name."""
    sensitivity: float
    """What the loss would change by if every logit were another by its own size, to first order."""


@dataclass(frozen=True)
class Items:
    """Items as the generator makes them, `[B, ...]`, and their classes where somebody looks."""

    values: Tensor
    labels: Tensor | None


@dataclass(frozen=True)
class Verdict:
    """What the discriminator says of items."""

    logits: Tensor
    classification: Tensor | None
    """How far it is from naming the classes, where it names classes."""


class Replay:
    """Walks through a trace, update by update, and collects the errors."""

    def __init__(self, trace: Trace) -> None:
        _refuse_unknown(trace.options)
        self.trace = trace
        self.judgement = Judgement(
            penalties.enlargement(trace.options["penalties"])
            * augmentation.enlargement(
                trace.options.get("augmentation", []), trace.options.get("itemShape", []))
        )
        self.players = {name: Player(name, trace) for name in PLAYERS}
        self.generator = self.players["generator"]
        self.discriminator = self.players["discriminator"]
        self.objective = OBJECTIVES[trace.options["objective"]]
        self.discriminator_updates = 0
        self.anchors = {"real": 0.0, "generated": 0.0}
        self.anchor_weight = 0.0
        self.images = 0
        """Real images in the steps before this one."""
        has_average = trace.options["average"]["halfLife"] != 0
        self.kinks = Kinks(player.network for player in self.players.values())
        self.average = Average(self.generator, trace.options) if has_average else None
        self.power_averages = {
            length: PowerAverage(self.generator, length)
            for length in PowerAverage.KEPT_LENGTHS
            if trace.options["average"].get("postHoc", False)
        }
        has_target = trace.options.get("augmentationTarget") is not None
        self.probability = AdaptedProbability(trace.options) if has_target else None
        """That of each change of an image, where it adapts."""

    def run(self) -> None:
        """Replays all steps and compares what they end with."""
        if self.trace.step_count == 0:
            raise TraceError("step.0.generator.loss: missing, so no step is recorded")
        for step in range(self.trace.step_count):
            updates = self.trace.discriminator_update_count(step)
            if updates == 0:
                raise TraceError(f"step.{step}.discriminator.0.loss: missing")
            for index in range(updates):
                update = f"step.{step}.discriminator.{index}"
                self._judge(update, lambda: self._discriminator_update(update), self._clip())
                self._adapt(update)
                self.discriminator_updates += 1
            last, update = update, f"step.{step}.generator"
            self._judge(update, lambda: self._generator_update(update, last))
            if self.average:
                self.average.update(self.images)
            for power_average in self.power_averages.values():
                power_average.update()
            self.images += sum(
                len(self.trace.tensor(f"step.{step}.discriminator.{index}.real"))
                for index in range(updates)
            )
        self._judge_final()

    # The two updates.

    def _discriminator_update(self, update: str) -> Outcome:
        for player in self.players.values():
            player.network.iterate_power()
        real = self._real(update)
        with torch.no_grad():
            generated = self._generated(update)
        # Penalties want the gradient at what is judged.
        x = self._as_judged(real, update, "real").requires_grad_()
        y = self._as_judged(generated, update, "generated").requires_grad_()
        on_real = self._verdict(x, real.labels, update, "real")
        on_generated = self._verdict(y, generated.labels, update, "generated")
        r, f = on_real.logits, on_generated.logits
        scalars = self._penalties(update, Judged(x, r), Judged(y, f), real)
        if on_real.classification is not None and on_generated.classification is not None:
            scalars["classification"] = on_real.classification + on_generated.classification
        self.judged = (r.detach(), f.detach())
        loss = self.objective.discriminator(r, f)
        terms = [loss, *scalars.values()]
        scalars |= {"realScore": _score(r), "fakeScore": _score(f)}
        return Outcome(self.discriminator, terms, scalars, _sensitivity(loss, [r, f]))

    def _adapt(self, update: str) -> None:
        """Lets the probability of changes follow the logits of a discriminator update."""
        if self.probability is None:
            return
        self.probability.follow(*self.judged, len(self.trace.tensor(f"{update}.real")))
        for part in ("overfitting", "probability"):
            value = float(self.probability.overfitting if part == "overfitting"
                          else self.probability.value)
            name = f"{update}.augmentation.{part}"
            expected = torch.tensor(value, dtype=torch.float64)
            error = relative_error(self.trace.tensor(name), expected)
            self.judgement.add(name, Kind.SCALAR, error)

    def _probability(self) -> float | None:
        """That of each change of an image now; None where every one happens."""
        if self.probability:
            return float(self.probability.value)
        option = self.trace.options.get("augmentationProbability", 1)
        return None if option == 1 else value_at(option, self.images)

    def _generator_update(self, update: str, last: str) -> Outcome:
        """`last` is the discriminator update before, whose images it may see again."""
        shares = self.trace.shares_latents
        # Whoever sees the same images again has learnt of them before.
        with self.generator.network.unobserved() if shares else nullcontext():
            generated = self._generated(last if shares else update)
        r = None
        if self.objective.generator_judges_real:
            own = self.trace.options.get("freshReals")
            items = self._real(update) if own else self._real_again(update, last)
            real = self._as_judged(items, update, "real")
            r = self._verdict(real, items.labels, update, "real").logits
        judged = self._as_judged(generated, update, "generated")
        verdict = self._verdict(judged, generated.labels, update, "generated")
        f = verdict.logits
        scalars = {"fakeScore": _score(f)}
        loss = self.objective.generator(f if r is None else r, f)
        terms = [loss]
        if r is not None:
            scalars["realScore"] = _score(r)
        if verdict.classification is not None:
            scalars["classification"] = verdict.classification
            terms.append(verdict.classification)
        logits = [f] if r is None else [r, f]
        return Outcome(self.generator, terms, scalars, _sensitivity(loss, logits))

    def _penalties(
        self, update: str, real: Judged, generated: Judged, items: Items
    ) -> dict[str, Tensor]:
        """What each penalty that is due adds to the loss, by its name in the trace."""
        def uniform(role: str, shape: tuple[int, ...]) -> Tensor:
            values = self.trace.tensor(f"{update}.{role}")
            if values.shape != shape:
                raise TraceError(f"{update}.{role}: shape {list(values.shape)}")
            return values

        def logits(packs: Tensor) -> Tensor:
            with self.discriminator.network.unobserved():
                return self._outputs(packs, items.labels, update, "penalty")[:, :1]

        def anchors() -> tuple[Tensor, Tensor]:
            self.anchor_weight = 0.99 * self.anchor_weight + 0.01
            for side, judged in (("real", real), ("generated", generated)):
                mean = judged.logits.mean().item()
                self.anchors[side] = 0.99 * self.anchors[side] + 0.01 * mean
            averages = [torch.tensor(self.anchors[side]) for side in ("real", "generated")]
            return averages[0] / self.anchor_weight, averages[1] / self.anchor_weight

        seen = Update(real, generated, logits, uniform, anchors)
        terms = {}
        for name in self.trace.options["penalties"]:
            coefficients = self.trace.options["penalty"][name]
            weight = value_at(coefficients["weight"], self.images)
            interval = coefficients["interval"]
            if self.discriminator_updates % interval == 0:
                terms[f"penalty.{name}"] = weight * interval * PENALTIES[name](seen)
        return terms

    def _clip(self) -> float | None:
        """Bound of the discriminator's parameters after its step."""
        if not self.objective.clips or self.trace.options["penalties"]:
            return None
        return self.trace.options["wasserstein"]["clip"]

    # What the networks are given, and what they make of it.

    def _real(self, update: str) -> Items:
        values = self.trace.tensor(f"{update}.real")
        if self.trace.options["horizontalFlip"]:
            uniform = self.trace.tensor(f"{update}.horizontalFlip")
            values = flip(self._images(values), uniform).reshape(values.shape)
        return Items(values, self._labels(f"{update}.realLabels"))

    def _real_again(self, update: str, last: str) -> Items:
        """The real items that a generator's update judges: those of the update before."""
        real = self._real(last)
        name = f"{update}.real"
        if not torch.equal(self.trace.tensor(name), real.values):
            raise TraceError(f"{name}: not the items of {last}")
        return real

    def _labels(self, name: str) -> Tensor | None:
        return self.trace.labels(name) if self.trace.is_told_classes else None

    def _generated(self, update: str) -> Items:
        """Items of an update's own latents."""
        latents = self.trace.tensor(f"{update}.latents")
        labels = self._labels(f"{update}.latentLabels")
        values = self.generator.network(latents, labels, self._dropout(update, "generator"))
        return Items(values, labels)

    def _as_judged(self, items: Items, update: str, role: str) -> Tensor:
        """Augmented, and `packing` neighbours of the batch side by side."""
        values = items.values
        if names := self.trace.options["augmentation"]:
            values = augment(
                self._images(values), names,
                lambda kind: self.trace.tensor(f"{update}.{kind}.{role}"),
                value_at(self.trace.options.get("augmentationStrength", 1), self.images),
                self._probability(),
            )
        shape = self.trace.networks["discriminator"]["inputShape"]
        return values.reshape(len(values) // self.trace.options["packing"], *shape)

    def _verdict(self, packs: Tensor, labels: Tensor | None, update: str, role: str) -> Verdict:
        outputs = self._outputs(packs, labels, update, role)
        if self.trace.options["conditioning"] != "auxiliary-classifier":
            return Verdict(outputs, None)
        return Verdict(outputs[:, :1], cross_entropy(outputs[:, 1:], labels))

    def _outputs(self, packs: Tensor, labels: Tensor | None, update: str, role: str) -> Tensor:
        return self.discriminator.network(packs, labels, self._dropout(update, role))

    def _dropout(self, update: str, role: str) -> Callable[[str], Tensor]:
        """The recorded numbers of dropout layers in an application of a network."""
        return lambda layer: self.trace.tensor(f"{update}.dropout.{role}.{layer}")

    def _images(self, items: Tensor) -> Tensor:
        return items.reshape(len(items), *self.trace.options["itemShape"])

    # Judging.

    def _judge(
        self, update: str, computation: Callable[[], Outcome], clip: float | None = None
    ) -> None:
        """Compares one update's loss, scalars and gradients, then takes the recorded gradients."""
        buffers = [dict(player.network.named_buffers()) for player in self.players.values()]
        before = [{key: value.clone() for key, value in each.items()} for each in buffers]
        measurements: list[Measurement] = []

        def compute(across: set[Unit]) -> list[Unit]:
            for owned, values in zip(buffers, before, strict=True):
                for key, value in owned.items():
                    value.copy_(values[key])
            def measure() -> None:
                measurements[:] = self._measurements(update, computation())
            return self.kinks.compute(across, measure)

        def retry(across: set[Unit]) -> float:
            compute(across)
            return _excess(measurements)

        nearest = compute(set())
        self.judgement.untouched += [x.error for x in measurements if x.kind is Kind.GRADIENT]
        self.kinks.search(nearest, _excess(measurements), retry)
        self.judgement.measurements += measurements
        player = self.players[update.split(".")[2]]
        player.update(
            {key: self.trace.tensor(f"{update}.gradient.{key}") for key in player.parameters},
            clip, self.images,
        )

    def _measurements(self, update: str, outcome: Outcome) -> list[Measurement]:
        gradients = outcome.player.gradients(torch.stack(outcome.terms).sum())
        floor = GRADIENT_FLOOR * norm(list(gradients.values()))
        found = []
        for key, expected in {"loss": sum(outcome.terms), **outcome.scalars}.items():
            # Terms of a loss cancel, a penalty is next to nothing where it has done its work, and
            # a hinge is a small difference where logits come near its margin.
            is_term = key == "loss" or key.startswith("penalty.")
            least = max(abs(term.item()) for term in outcome.terms) if is_term else 0
            if key == "loss":
                least = max(least, outcome.sensitivity)
            name = f"{update}.{key}"
            error = relative_error(
                self.trace.tensor(name), expected.detach(), max(floor, least)
            )
            found.append(Measurement(name, Kind.SCALAR, error))
        for key, expected in gradients.items():
            name = f"{update}.gradient.{key}"
            error = relative_error(self.trace.tensor(name), expected, floor)
            found.append(Measurement(name, Kind.GRADIENT, error))
        return found

    def _judge_final(self) -> None:
        """Compares parameters and buffers with those after the last step."""
        ends = {name: player.network.state_dict() for name, player in self.players.items()}
        if self.average:
            ends["average"] = self.average.values
        for length, power_average in self.power_averages.items():
            ends[f"powerAverage.{length}"] = power_average.values
        for owner, values in ends.items():
            parameters = self.players.get(owner, self.generator).parameters
            for key, expected in values.items():
                name = f"final.{owner}.{key}"
                recorded = self.trace.tensor(name, expected.dtype)
                kind = Kind.FINAL if key in parameters else Kind.BUFFERS
                self.judgement.add(name, kind, relative_error(recorded, expected))


def judge(trace: Trace, data: DataSet | None = None) -> Judgement:
    """Replays `trace`; with the `data` it was trained on, also checks the batches.

    Raises TraceError where the trace is incomplete, holds more than it should, or uses what
    this replay does not know.
    """
    replay = Replay(trace)
    replay.run()
    replay.judgement.crossed = replay.kinks.crossed
    networks = {name: player.network for name, player in replay.players.items()}
    initial_values.judge(trace, networks, replay.judgement)
    from_seed.judge_randomness(trace, networks, replay.judgement)
    if data is not None:
        from_seed.judge_batches(trace, data, replay.judgement)
    if unread := trace.unread():
        raise TraceError(f"tensors that belong to no update: {', '.join(unread[:5])}")
    return replay.judgement


def _excess(measurements: list[Measurement]) -> float:
    """How far an update is from good; 0 where no tensor of it is conspicuous."""
    bounds = ALLOWED | {Kind.GRADIENT: GRADIENT_OUTLIER}
    if all(each.error <= bounds[each.kind] for each in measurements):
        return 0
    return sum(each.error**2 for each in measurements)


def _sensitivity(loss: Tensor, logits: list[Tensor]) -> float:
    gradients = torch.autograd.grad(loss, logits, retain_graph=True)
    return sum(float((g * x.detach()).abs().sum()) for g, x in zip(gradients, logits, strict=True))


def _score(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits).mean()


def _refuse_unknown(options: dict[str, Any]) -> None:
    """Refuses what would otherwise be replayed as something else."""
    if options["objective"] not in OBJECTIVES:
        raise TraceError(f"objective {options['objective']!r}: not one of {list(OBJECTIVES)}")
    if unknown := set(options["penalties"]) - PENALTIES.keys():
        raise TraceError(f"penalties {sorted(unknown)}: not among {list(PENALTIES)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("traces", nargs="+", type=Path, metavar="TRACE")
    parser.add_argument(
        "--data-dir", type=Path, metavar="FOLDER",
        help="the data set in MNIST's files, to check batches",
    )
    arguments = parser.parse_args()
    data = DataSet.read(arguments.data_dir) if arguments.data_dir else None
    failed = False
    for path in arguments.traces:
        try:
            judgement = judge(Trace(path), data)
        except TraceError as error:
            print(f"{path}: REFUSED; {error}")
            failed = True
            continue
        complaints = judgement.complaints()
        print(f"{path}: {'FAILED' if complaints else 'good'}; {judgement.summary()}")
        for complaint in complaints:
            print(f"  {complaint}")
        failed = failed or bool(complaints)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
