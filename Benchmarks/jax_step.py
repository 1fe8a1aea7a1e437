#!/usr/bin/env python3
"""The tutorial's training step as one jit-compiled JAX function; a worker (see worker.py).

Written to be fast: one compiled program with its state donated, logits instead of the sigmoid, no
gradient that is not used, the batch sliced from a resident array inside the program, and XLA's
own random bits, which cost less than JAX's default. It uses the processors it may run on.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

import worker

IMAGE_SIZE, HIDDEN_SIZE, LATENT_SIZE, BATCH_SIZE = 784, 256, 64, 100
LEARNING_RATE, BETA1, BETA2, EPSILON = 0.0002, 0.9, 0.999, 1e-8
GENERATOR_SIZES = (LATENT_SIZE, HIDDEN_SIZE, HIDDEN_SIZE, IMAGE_SIZE)
DISCRIMINATOR_SIZES = (IMAGE_SIZE, HIDDEN_SIZE, HIDDEN_SIZE, 1)
BATCHES_IN_MEMORY = 60

Parameters = list[tuple[Array, Array]]


class Player(NamedTuple):
    """A network's weights and biases with Adam's two moments of each."""

    parameters: Parameters
    first: Parameters
    second: Parameters


class State(NamedTuple):
    """Everything a step changes."""

    generator: Player
    discriminator: Player
    step: Array


def make_player(key: Array, sizes: tuple[int, ...]) -> Player:
    """Weights and biases uniform within 1/sqrt(fan-in), moments zero."""
    parameters = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        key, weight_key, bias_key = jax.random.split(key, 3)
        draw = partial(jax.random.uniform, minval=-(fan_in**-0.5), maxval=fan_in**-0.5)
        parameters.append((draw(weight_key, (fan_in, fan_out)), draw(bias_key, (fan_out,))))
    # Separate zeros for each moment: a donated buffer must not occur twice.
    return Player(parameters, *(jax.tree.map(jnp.zeros_like, parameters) for _ in range(2)))


def generated(parameters: Parameters, latents: Array) -> Array:
    """Images `[batch, 784]` in [-1, 1]."""
    return jnp.tanh(_layers(parameters, latents, jax.nn.relu))


def logits(parameters: Parameters, images: Array) -> Array:
    """The discriminator's scores `[batch, 1]` before any sigmoid."""
    return _layers(parameters, images, lambda x: jax.nn.leaky_relu(x, 0.2))


def adam(player: Player, gradients: Parameters, count: Array) -> Player:
    """One update of Adam, the `count`-th, counted from 1."""
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, player.first, gradients)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, player.second, gradients)
    step_size = LEARNING_RATE / (1 - BETA1**count)
    scale = jax.lax.rsqrt(1 - BETA2**count)
    parameters = jax.tree.map(
        lambda p, m, v: p - step_size * m / (jnp.sqrt(v) * scale + EPSILON),
        player.parameters, first, second,
    )
    return Player(parameters, first, second)


@partial(jax.jit, donate_argnums=0)
def train_step(state: State, images: Array, key: Array) -> tuple[State, Array]:
    """Both players' updates; returns the new state and both losses."""
    key = jax.random.fold_in(key, state.step)
    latents = jax.random.normal(key, (2, BATCH_SIZE, LATENT_SIZE))
    real = jax.lax.dynamic_index_in_dim(images, state.step % len(images), keepdims=False)
    count = (state.step + 1).astype(jnp.float32)
    fake = generated(state.generator.parameters, latents[0])

    def discriminator_loss(parameters: Parameters) -> Array:
        real_loss = jax.nn.softplus(-logits(parameters, real)).mean()
        return real_loss + jax.nn.softplus(logits(parameters, fake)).mean()

    loss, gradients = jax.value_and_grad(discriminator_loss)(state.discriminator.parameters)
    discriminator = adam(state.discriminator, gradients, count)

    def generator_loss(parameters: Parameters) -> Array:
        images = generated(parameters, latents[1])
        return jax.nn.softplus(-logits(discriminator.parameters, images)).mean()

    other_loss, gradients = jax.value_and_grad(generator_loss)(state.generator.parameters)
    generator = adam(state.generator, gradients, count)
    return State(generator, discriminator, state.step + 1), jnp.stack([loss, other_loss])


def prepare() -> Callable[[int], None]:
    """A function that trains so many steps and returns when they are finished."""
    keys = jax.random.split(jax.random.key(0, impl="unsafe_rbg"), 4)
    state = State(
        make_player(keys[0], GENERATOR_SIZES), make_player(keys[1], DISCRIMINATOR_SIZES),
        jnp.zeros((), jnp.int32),
    )
    shape = (BATCHES_IN_MEMORY, BATCH_SIZE, IMAGE_SIZE)
    images = jax.random.uniform(keys[2], shape, minval=-1)

    def run_steps(count: int) -> None:
        nonlocal state
        for _ in range(count):
            state, losses = train_step(state, images, keys[3])
        losses.block_until_ready()

    return run_steps


def _layers(parameters: Parameters, x: Array, activation: Callable[[Array], Array]) -> Array:
    for weight, bias in parameters[:-1]:
        x = activation(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias


if __name__ == "__main__":
    worker.serve(prepare())
