#!/usr/bin/env python3
"""Replays traces of the tests' own games in PyTorch, in double precision.

CycleGAN, InfoGAN with heads that share layers, and a discriminator of patches.

Each update is recomputed at the run's own parameters: optimisers take the recorded gradients.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import softplus

from judgement import GRADIENT_FLOOR, Judgement, Kind, norm, relative_error
from objectives import OBJECTIVES
from player import Player
from trace_file import Trace, TraceError


class GameReplay:
    """The networks of a trace, and what is common to all games."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.judgement = Judgement()
        self.players = {name: Player(name, trace) for name in trace.networks}

    def run(self) -> Judgement:
        """Replays all steps and compares what they end with."""
        step = 0
        while self.trace.names(f"step.{step}."):
            self.replay(step)
            step += 1
        if step == 0:
            raise TraceError("no step is recorded")
        for name, player in self.players.items():
            for key, expected in player.network.state_dict().items():
                recorded = self.trace.tensor(f"final.{name}.{key}", expected.dtype)
                kind = Kind.FINAL if key in player.parameters else Kind.BUFFERS
                error = relative_error(recorded, expected)
                self.judgement.add(f"final.{name}.{key}", kind, error)
        if unread := self.trace.unread():
            raise TraceError(f"{len(unread)} tensors that nobody reads, first {unread[0]}")
        return self.judgement

    def replay(self, step: int) -> None:
        raise NotImplementedError

    def batch_count(self, step: int, update: str) -> int:
        count = 0
        while f"step.{step}.{update}.{count}.loss" in self.trace:
            count += 1
        return count

    def apply(self, role: str, items: Tensor, update: str, application: str) -> Tensor:
        """What a network makes of items, with the recorded numbers of its dropout layers."""
        return self.players[role].network(
            items, None,
            lambda layer: self.trace.tensor(f"{update}.dropout.{application}.{layer}"),
        )

    def judge(
        self, update: str, learners: list[str], unnamed: list[Tensor], named: dict[str, Tensor],
        scalars: dict[str, Tensor],
    ) -> None:
        """Compares loss, terms, scalars and gradients, then takes the recorded gradients."""
        terms = unnamed + list(named.values())
        total = torch.stack(terms).sum()
        players = [self.players[name] for name in learners]
        gradients = iter(torch.autograd.grad(
            total, [value for player in players for value in player.parameters.values()]
        ))
        found = [dict(zip(player.parameters, gradients, strict=False)) for player in players]
        floor = GRADIENT_FLOOR * norm([value for each in found for value in each.values()])
        least = max(abs(term.item()) for term in terms)
        for key, expected in {"loss": total, **named, **scalars}.items():
            name = f"{update}.{key}"
            error = relative_error(
                self.trace.tensor(name), expected.detach(), max(floor, least if key == "loss" else 0)
            )
            self.judgement.add(name, Kind.SCALAR, error)
        for player, each in zip(players, found, strict=True):
            prefix = f"{update}." + (f"{player.name}." if len(players) > 1 else "") + "gradient"
            floor = GRADIENT_FLOOR * norm(list(each.values()))
            recorded = {key: self.trace.tensor(f"{prefix}.{key}") for key in each}
            for key, expected in each.items():
                error = relative_error(recorded[key], expected, floor)
                self.judgement.untouched.append(error)
                self.judgement.add(f"{prefix}.{key}", Kind.GRADIENT, error)
            player.update(recorded)


class Cycle(GameReplay):
    """Two generators between two worlds, and a judge of each world."""

    objective = OBJECTIVES["least-squares"]

    def replay(self, step: int) -> None:
        for batch in range(self.batch_count(step, "judgeA")):
            for world, other in (("a", "b"), ("b", "a")):
                role, maker = f"judge{world.upper()}", f"to{world.upper()}"
                update = f"step.{step}.{role}.{batch}"
                real, source = (self.trace.tensor(f"{update}.{name}") for name in (world, other))
                fake = self.apply(maker, source, update, f"{maker}.{other}").detach()
                r = self.apply(role, real, update, f"{world}.real")
                f = self.apply(role, fake, update, f"{world}.generated")
                self.judge(
                    update, [role], [], {f"{world}.judging": self.objective.discriminator(r, f)},
                    {f"{world}.realScore": _score(r), f"{world}.fakeScore": _score(f)},
                )
        self.translate(f"step.{step}.translators")

    def translate(self, update: str) -> None:
        a, b = (self.trace.tensor(f"{update}.{name}") for name in "ab")
        fakes = {
            "a": self.apply("toA", b, update, "toA.b"), "b": self.apply("toB", a, update, "toB.a")
        }
        logits = {
            world: self.apply(f"judge{world.upper()}", fake, update, f"{world}.generated")
            for world, fake in fakes.items()
        }
        terms = {f"{name}.fooling": self.objective.generator(f, f) for name, f in logits.items()}
        ways_back = {
            "A": (self.apply("toA", fakes["b"], update, "toA.toB.a"), a),
            "B": (self.apply("toB", fakes["a"], update, "toB.toA.b"), b),
        }
        for world, (back, origin) in ways_back.items():
            terms[f"cycle{world}"] = 5 * (back - origin).abs().mean()
        for world, origin in (("A", a), ("B", b)):
            same = self.apply(f"to{world}", origin, update, f"to{world}.{world.lower()}")
            terms[f"identity{world}"] = 0.5 * (same - origin).abs().mean()
        scores = {f"{name}.fakeScore": _score(f) for name, f in logits.items()}
        self.judge(update, ["toB", "toA"], [], terms, scores)


class Information(GameReplay):
    """A generator, and a trunk with two heads: discriminator and recogniser of the generator's code."""

    objective = OBJECTIVES["non-saturating"]

    def replay(self, step: int) -> None:
        for batch in range(self.batch_count(step, "heads")):
            update = f"step.{step}.heads.{batch}"
            real = self.apply(
                "trunk", self.trace.tensor(f"{update}.real"), update, "trunk.real"
            )
            fake, code = self.made(update, "heads")
            r = self.apply("discriminator", real, update, "real")
            f = self.apply("discriminator", fake, update, "generated")
            self.judge(
                update, ["trunk", "discriminator", "recogniser"],
                [self.objective.discriminator(r, f)],
                {"information": self.information(update, fake, code)},
                {"realScore": _score(r), "fakeScore": _score(f)},
            )
        update = f"step.{step}.generator"
        fake, code = self.made(update, "generator")
        f = self.apply("discriminator", fake, update, "generated")
        self.judge(
            update, ["generator"], [self.objective.generator(f, f)],
            {"information": self.information(update, fake, code)}, {"fakeScore": _score(f)},
        )

    def information(self, update: str, features: Tensor, code: Tensor) -> Tensor:
        """How much the recogniser lacks of reading the code, in nats."""
        guesses = self.apply("recogniser", features, update, "recogniser.trunk.generator")
        return (guesses.logsumexp(1) - (guesses * code).sum(1)).mean()

    def made(self, update: str, learner: str) -> tuple[Tensor, Tensor]:
        """The trunk's view of items of an update's own noise, and their code, one 1 in each row."""
        latents, code = (self.trace.tensor(f"{update}.{name}") for name in ("latents", "code"))
        if not torch.equal(code.sum(1), torch.ones(len(code), dtype=code.dtype)):
            raise TraceError(f"{update}.code: not one 1 in each row")
        fake = self.apply("generator", torch.cat([latents, code], 1), update, "generator")
        if learner != "generator":
            fake = fake.detach()
        return self.apply("trunk", fake, update, "trunk.generator"), code


class Patches(GameReplay):
    """A generator of images, and a discriminator whose verdict is a map of logits."""

    objective = OBJECTIVES["least-squares"]
    updates = 0

    def replay(self, step: int) -> None:
        for batch in range(self.batch_count(step, "discriminator")):
            update = f"step.{step}.discriminator.{batch}"
            real = self.trace.tensor(f"{update}.real").requires_grad_()
            r = self.judged(real, update, "real")
            f = self.judged(self.made(update).detach(), update, "generated")
            penalties = {}
            if self.updates % 2 == 0:
                slope, = torch.autograd.grad(r.sum(), real, create_graph=True)
                penalties["penalty.r1"] = 2 * 0.1 / 2 * (slope**2).sum((1, 2, 3)).mean()
            self.updates += 1
            self.judge(
                update, ["discriminator"], [self.objective.discriminator(r, f)], penalties,
                {"realScore": _score(r), "fakeScore": _score(f)},
            )
        update = f"step.{step}.generator"
        f = self.judged(self.made(update), update, "generated")
        self.judge(
            update, ["generator"], [self.objective.generator(f, f)], {}, {"fakeScore": _score(f)}
        )

    def made(self, update: str) -> Tensor:
        return self.apply(
            "generator", self.trace.tensor(f"{update}.latents"), update, "generator"
        )

    def judged(self, items: Tensor, update: str, side: str) -> Tensor:
        logits = self.apply("discriminator", items, update, side)
        if logits.ndim != 4 or logits[0].numel() == 1:
            raise TraceError(f"{update}: the verdict is no map but {list(logits.shape)}")
        return logits


def _score(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits).mean()


GAMES: dict[str, Callable[[Trace], GameReplay]] = {
    "cycle": Cycle, "information": Information, "patches": Patches,
}


def main() -> int:
    if len(sys.argv) != 3 or sys.argv[1] not in GAMES:
        print(f"usage: replay_games.py {'|'.join(GAMES)} TRACE", file=sys.stderr)
        return 64
    try:
        judgement = GAMES[sys.argv[1]](Trace(Path(sys.argv[2]))).run()
    except TraceError as error:
        print(f"{sys.argv[2]}: REFUSED; {error}")
        return 1
    complaints = judgement.complaints()
    print(f"{sys.argv[1]}: {'FAILED' if complaints else 'good'}; {judgement.summary()}")
    for complaint in complaints:
        print(f"  {complaint}")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
