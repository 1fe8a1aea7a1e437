"""The training steps that are compared: what `gan bench` is asked for, and its peers."""

from dataclasses import dataclass, replace

from programs import THREADS, Worker


@dataclass(frozen=True)
class Peer:
    """Another program's step: a worker (see worker.py)."""

    script: str
    arguments: tuple[str, ...] = ()
    heeds_limits: bool = True
    """False if nothing keeps it from instructions that others are not to use."""

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
    shows_peak: bool = False
    """True if the share of the cores' peak is shown, too."""

    def limited(self) -> "Race":
        """The race of those that can be limited to some instructions."""
        return replace(self, peers={name: peer for name, peer in self.peers.items() if peer.heeds_limits})


def pytorch(script: str, *arguments: str) -> Peer:
    """A worker that wants to be told the number of its threads."""
    return Peer(script, ("--threads", str(THREADS), *arguments))


def dcgan(*arguments: str) -> dict[str, Peer]:
    """PyTorch's DCGAN in both memory formats: ours is to be faster than the faster."""
    frozen = ", frozen" if "--freeze" in arguments else ""
    return {
        f"PyTorch, {name}{frozen}": pytorch(
            "pytorch_dcgan_step.py", "--memory-format", name, *arguments)
        for name in ("contiguous", "channels-last")
    }


TUTORIAL = Race(
    name="one step", bench=("--recipe", "tutorial"), steps=300, peer_steps=100,
    peers={
        "PyTorch, eager": pytorch("pytorch_step.py"),
        "PyTorch, eager, detached": pytorch("pytorch_step.py", "--detach"),
        "JAX, jit": Peer("jax_step.py", heeds_limits=False),
    },
    shows_peak=True,
)

CRITIC = Race(
    name="five WGAN-GP critic steps and a generator's",
    bench=("--recipe", "tutorial", "--objective", "wasserstein", "--penalty", "wgan-gp",
           "--set", "discriminatorSteps=5"),
    steps=50, peer_steps=50,
    peers={
        "PyTorch, eager": pytorch("pytorch_critic_step.py"),
        "JAX, jit": Peer("jax_critic_step.py", heeds_limits=False),
    },
)

DCGAN = Race(
    name="one dcgan-32 step", bench=("--recipe", "dcgan-32", "--batch-size", "64"),
    steps=30, peer_steps=30,
    peers=dcgan() | dcgan("--freeze"),
    shows_peak=True,
)

DCGAN_R1 = Race(
    name="one dcgan-32 step with R1", bench=(*DCGAN.bench, "--penalty", "r1"),
    steps=30, peer_steps=30,
    peers=dcgan("--r1", "--freeze"),
)

RACES = {"tutorial": [TUTORIAL], "critic": [CRITIC], "dcgan": [DCGAN, DCGAN_R1]}
"""Races by the name that `compare.py --only` takes."""
