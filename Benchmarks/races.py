"""The training steps that are compared: what `gan bench` is asked for, and its peers."""

from dataclasses import dataclass

from programs import THREADS, Worker


@dataclass(frozen=True)
class Peer:
    """Another program's step: a worker (see worker.py), and how much longer it should take."""

    script: str
    arguments: tuple[str, ...] = ()
    goal: float | None = None

    def start(self) -> Worker:
        """The worker, once it is ready."""
        return Worker(self.script, *self.arguments)


@dataclass(frozen=True)
class Race:
    """One kind of step, `steps` of them a round by ours and `peer_steps` by each peer."""

    name: str
    bench: tuple[str, ...]
    steps: int
    peer_steps: int
    peers: dict[str, Peer]
    peak_goal: float | None = None
    """Share of the cores' peak that ours should reach; without it the share is not shown."""


def pytorch(script: str, *arguments: str, goal: float | None = None) -> Peer:
    """A worker that wants to be told the number of its threads."""
    return Peer(script, ("--threads", str(THREADS), *arguments), goal)


def dcgan(*arguments: str, goal: float | None = None) -> dict[str, Peer]:
    """PyTorch's DCGAN in both memory formats: ours is to be faster than the faster."""
    frozen = ", frozen" if "--freeze" in arguments else ""
    return {
        f"PyTorch, {name}{frozen}": pytorch(
            "pytorch_dcgan_step.py", "--memory-format", name, *arguments, goal=goal)
        for name in ("contiguous", "channels-last")
    }


TUTORIAL = Race(
    name="one step", bench=("--recipe", "tutorial"), steps=300, peer_steps=100,
    peers={
        "PyTorch, eager": pytorch("pytorch_step.py", goal=2.8),
        "PyTorch, eager, detached": pytorch("pytorch_step.py", "--detach"),
        "JAX, jit": Peer("jax_step.py", goal=1.25),
    },
    peak_goal=0.75,
)

CRITIC = Race(
    name="five WGAN-GP critic steps and a generator's",
    bench=("--recipe", "tutorial", "--objective", "wasserstein", "--penalty", "wgan-gp",
           "--set", "discriminatorSteps=5"),
    steps=50, peer_steps=50,
    peers={
        "PyTorch, eager": pytorch("pytorch_critic_step.py", goal=2.5),
        "JAX, jit": Peer("jax_critic_step.py", goal=1.3),
    },
)

DCGAN = Race(
    name="one dcgan-32 step", bench=("--recipe", "dcgan-32", "--batch-size", "64"),
    steps=30, peer_steps=30,
    peers=dcgan(goal=1.3) | dcgan("--freeze"),
    peak_goal=0.75,
)

DCGAN_R1 = Race(
    name="one dcgan-32 step with R1", bench=(*DCGAN.bench, "--penalty", "r1"),
    steps=30, peer_steps=30,
    peers=dcgan("--r1", "--freeze", goal=1.2),
)

RACES = {"tutorial": [TUTORIAL], "critic": [CRITIC], "dcgan": [DCGAN, DCGAN_R1]}
"""Races by the name that `compare.py --only` takes."""
