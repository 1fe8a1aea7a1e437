#!/usr/bin/env python3
"""Replays files of `gan trace` in PyTorch, in double precision, and judges every tensor.

Each step is recomputed at the run's own parameters: the replay's optimisers take the recorded
gradients. Latents, initial parameters and, given the data set, batches are rebuilt from the seed.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

import from_seed
import idx_files
from judgement import GRADIENT_FLOOR, Judgement, Kind, norm, relative_error
from networks import make_network
from objectives import OBJECTIVES
from penalties import PENALTIES, Update
from trace_file import PLAYERS, Trace, TraceError


class Player:
    """A network in the run's initial state, with its Adam optimiser."""

    def __init__(self, name: str, trace: Trace) -> None:
        self.network = make_network(trace.networks[name])
        self.parameters = dict(self.network.named_parameters())
        self._adam: dict[str, float] = trace.options["optimizer"][name]
        self._updates = 0
        self._moments = {key: [torch.zeros_like(p)] * 2 for key, p in self.parameters.items()}
        for key, parameter in self.parameters.items():
            initial = trace.tensor(f"initial.{name}.{key}")
            if initial.shape != parameter.shape:
                raise TraceError(f"initial.{name}.{key}: shape {list(initial.shape)}")
            parameter.data.copy_(initial)

    def gradients(self, loss: Tensor) -> dict[str, Tensor]:
        """Gradients of `loss` by parameter name."""
        values = torch.autograd.grad(loss, list(self.parameters.values()))
        return dict(zip(self.parameters, values, strict=True))

    @torch.no_grad()
    def update(self, gradients: dict[str, Tensor], clip: float | None = None) -> None:
        """One step of Adam (Kingma and Ba 2014, algorithm 1), then clipping to [-clip, clip]."""
        self._updates += 1
        beta1, beta2 = self._adam["beta1"], self._adam["beta2"]
        for key, parameter in self.parameters.items():
            first, second = self._moments[key]
            first = beta1 * first + (1 - beta1) * gradients[key]
            second = beta2 * second + (1 - beta2) * gradients[key] ** 2
            self._moments[key] = [first, second]
            mean = first / (1 - beta1**self._updates)
            deviation = (second / (1 - beta2**self._updates)).sqrt()
            parameter.sub_(self._adam["learningRate"] * mean / (deviation + self._adam["epsilon"]))
            if clip is not None:
                parameter.clamp_(-clip, clip)


class Replay:
    """Walks through a trace, update by update, and collects the errors."""

    def __init__(self, trace: Trace) -> None:
        _refuse_unknown(trace.options)
        self.trace = trace
        self.judgement = Judgement()
        self.players = {name: Player(name, trace) for name in PLAYERS}
        self.generator = self.players["generator"]
        self.discriminator = self.players["discriminator"]
        self.objective = OBJECTIVES[trace.options["objective"]]
        self.packing = trace.options["packing"]
        self.discriminator_updates = 0

    def run(self) -> None:
        """Replays all steps and compares the parameters they end with."""
        if self.trace.step_count == 0:
            raise TraceError("step.0.generator.loss: missing, so no step is recorded")
        for step in range(self.trace.step_count):
            updates = self.trace.discriminator_update_count(step)
            if updates == 0:
                raise TraceError(f"step.{step}.discriminator.0.loss: missing")
            for update in range(updates):
                self._discriminator_update(f"step.{step}.discriminator.{update}")
            self._generator_update(f"step.{step}.generator")
        for name, player in self.players.items():
            for key, parameter in player.parameters.items():
                full_name = f"final.{name}.{key}"
                error = relative_error(self.trace.tensor(full_name), parameter.data)
                self.judgement.add(full_name, Kind.FINAL, error)

    def _discriminator_update(self, update: str) -> None:
        real = self._packed(self.trace.tensor(f"{update}.real"))
        with torch.no_grad():
            generated = self._packed(self.generator.network(self.trace.latents(update)))
        r, f = self.discriminator.network(real), self.discriminator.network(generated)
        loss = self.objective.discriminator(r, f)
        scalars = {"realScore": _score(r), "fakeScore": _score(f)}
        for name, value in self._penalties(update, real, generated).items():
            scalars[f"penalty.{name}"] = value
            loss = loss + value
        self._judge(update, self.discriminator, loss, scalars, self._clip())
        self.discriminator_updates += 1

    def _penalties(self, update: str, real: Tensor, generated: Tensor) -> dict[str, Tensor]:
        """What each penalty that is due adds to the loss, by name."""
        def uniform(role: str, shape: tuple[int, ...]) -> Tensor:
            values = self.trace.tensor(f"{update}.{role}")
            if values.shape != shape:
                raise TraceError(f"{update}.{role}: shape {list(values.shape)}")
            return values

        seen = Update(real, generated, self.discriminator.network, uniform)
        terms = {}
        for name in self.trace.options["penalties"]:
            coefficients = self.trace.options["penalty"][name]
            weight, interval = coefficients["weight"], coefficients["interval"]
            if self.discriminator_updates % interval == 0:
                terms[name] = weight * interval * PENALTIES[name](seen)
        return terms

    def _clip(self) -> float | None:
        """Bound of the discriminator's parameters after its step."""
        if not self.objective.clips or self.trace.options["penalties"]:
            return None
        return self.trace.options["wasserstein"]["clip"]

    def _generator_update(self, update: str) -> None:
        generated = self.generator.network(self.trace.latents(update))
        f = self.discriminator.network(self._packed(generated))
        scalars = {"fakeScore": _score(f)}
        r = f
        if self.objective.generator_judges_real:
            r = self.discriminator.network(self._packed(self.trace.tensor(f"{update}.real")))
            scalars["realScore"] = _score(r)
        self._judge(update, self.generator, self.objective.generator(r, f), scalars)

    def _packed(self, items: Tensor) -> Tensor:
        """Items as the discriminator judges them: `packing` neighbours of the batch side by side."""
        shape = self.trace.networks["discriminator"]["inputShape"]
        return items.reshape(len(items) // self.packing, *shape)

    def _judge(
        self,
        update: str,
        player: Player,
        loss: Tensor,
        scalars: dict[str, Tensor],
        clip: float | None = None,
    ) -> None:
        """Compares one update's loss, scalars and gradients, then takes the recorded gradients."""
        gradients = player.gradients(loss)
        scalars = {"loss": loss, **scalars}
        floor = GRADIENT_FLOOR * norm(list(gradients.values()))
        for key, expected in scalars.items():
            name = f"{update}.{key}"
            # A penalty is part of a loss, and next to nothing where it has done its work.
            least = max(floor, abs(loss.item())) if key.startswith("penalty.") else floor
            error = relative_error(self.trace.tensor(name), expected.detach(), least)
            self.judgement.add(name, Kind.SCALAR, error)
        recorded = {key: self.trace.tensor(f"{update}.gradient.{key}") for key in gradients}
        for key, expected in gradients.items():
            error = relative_error(recorded[key], expected, floor)
            self.judgement.add(f"{update}.gradient.{key}", Kind.GRADIENT, error)
        player.update(recorded, clip)


def judge(trace: Trace, images: np.ndarray | None = None) -> Judgement:
    """Replays `trace`; with the data set's `images`, also checks the batches.

    Raises TraceError where the trace is incomplete, holds more than it should, or uses what
    this replay does not know.
    """
    replay = Replay(trace)
    replay.run()
    networks = {name: player.network for name, player in replay.players.items()}
    from_seed.judge_initial_parameters(trace, networks, replay.judgement)
    from_seed.judge_latents(trace, replay.judgement)
    from_seed.judge_penalty_randomness(trace, replay.judgement)
    if images is not None:
        from_seed.judge_batches(trace, images, replay.judgement)
    if unread := trace.unread():
        raise TraceError(f"tensors that belong to no update: {', '.join(unread[:5])}")
    return replay.judgement


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
        "--images", type=Path, metavar="IDX_FILE", help="the data set's images, to check batches"
    )
    arguments = parser.parse_args()
    images = idx_files.read(arguments.images) if arguments.images else None
    failed = False
    for path in arguments.traces:
        try:
            judgement = judge(Trace(path), images)
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
