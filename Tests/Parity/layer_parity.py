#!/usr/bin/env python3
"""Says what PyTorch makes of single layers and small networks, in double precision.

    layer_parity.py QUESTIONS ANSWERS

QUESTIONS is a JSON list; each has a network's description, the tensors of its state by their names
in files, and inputs: `input.<n>`, `labels.<n>`, `uniform.<n>.<layer>` of application n, and
`weights`. ANSWERS receives a list with the tensors that the tests of GANNetworks compute, by the
same names (LayerCase.swift says which), or the error that PyTorch gave.
"""

import json
import sys
from typing import Any

import torch
from torch import Tensor

from networks import Network, make_network

Numbers = dict[str, Any]
"""A tensor as `shape` and `values`, row by row."""


def tensor(numbers: Numbers) -> Tensor:
    return torch.tensor(numbers["values"], dtype=torch.float64).reshape(numbers["shape"])


def numbers(value: Tensor) -> Numbers:
    values = value.detach().double().reshape(-1).tolist()
    return {"shape": list(value.shape), "values": values}


class Answer:
    """The tensors of one question, under their names."""

    def __init__(self, question: dict[str, Any]) -> None:
        self.inputs: dict[str, Numbers] = question["inputs"]
        self.tensors: dict[str, Numbers] = {}
        self.network: Network = make_network(question["network"])
        state = {name: tensor(value) for name, value in question["state"].items()}
        self.network.load_state_dict(state, strict=True)
        for number in range(2):
            self.network.iterate_power()
            self.apply(f"training.{number}", number)
            for name, buffer in self.network.named_buffers():
                self.tensors[f"training.{number}.buffer.{name}"] = numbers(buffer)
        self.network.eval()
        self.apply("inference", 0)

    def apply(self, name: str, number: int) -> None:
        """Records the result y, the gradients of `sum c (y + y^2 / 2)` and, as a penalty has it,
        those of the squared norm of its gradient in the input."""
        x = tensor(self.inputs[f"input.{number}"]).requires_grad_()
        labels = self.inputs.get(f"labels.{number}")
        y = self.network(
            x,
            labels=None if labels is None else tensor(labels).long(),
            uniform=lambda layer: tensor(self.inputs[f"uniform.{number}.{layer}"]),
        )
        self.tensors[f"{name}.output"] = numbers(y)
        value = (tensor(self.inputs["weights"]) * (y + y * y / 2)).sum()
        first = self.gradients(value, x, f"{name}.gradient")
        self.gradients(first[0].square().sum(), x, f"{name}.second")

    def gradients(self, value: Tensor, x: Tensor, name: str) -> tuple[Tensor, ...]:
        sources = {"input": x, **dict(self.network.named_parameters())}
        found = torch.autograd.grad(
            value, list(sources.values()), create_graph=True, materialize_grads=True
        )
        for source, gradient in zip(sources, found, strict=True):
            self.tensors[f"{name}.{source}"] = numbers(gradient)
        return found


def answer(question: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"tensors": Answer(question).tensors}
    except (RuntimeError, ValueError, TypeError, KeyError) as error:
        return {"tensors": {}, "error": f"{type(error).__name__}: {error}"}


def main() -> None:
    questions, answers = sys.argv[1:]
    # The tests' tensors are tiny: threads would only wait for each other.
    torch.set_num_threads(1)
    with open(questions, encoding="utf-8") as file:
        asked = json.load(file)
    with open(answers, "w", encoding="utf-8") as file:
        json.dump([answer(question) for question in asked], file)


if __name__ == "__main__":
    main()
