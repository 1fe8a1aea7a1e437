#!/usr/bin/env python3
"""Five WGAN-GP critic updates and a generator's as one jit-compiled JAX function; a worker.

Written to be fast, as jax_step.py is, whose networks and optimiser it takes.
"""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array

import worker
from jax_step import (
    BATCH_SIZE, BATCHES_IN_MEMORY, DISCRIMINATOR_SIZES, GENERATOR_SIZES, IMAGE_SIZE, LATENT_SIZE,
    Parameters, State, adam, generated, logits, make_player,
)

CRITIC_STEPS, PENALTY_WEIGHT = 5, 10


def penalty(parameters: Parameters, between: Array) -> Array:
    """How far the critic's slope is from 1."""
    slope = jax.grad(lambda images: logits(parameters, images).sum())(between)
    return ((jnp.sqrt((slope**2).sum(1)) - 1) ** 2).mean()


@partial(jax.jit, donate_argnums=0)
def train_step(state: State, images: Array, key: Array) -> tuple[State, Array]:
    """All updates of a step; returns the new state and the last losses."""
    key, uniform_key = jax.random.split(jax.random.fold_in(key, state.step))
    latents = jax.random.normal(key, (CRITIC_STEPS + 1, BATCH_SIZE, LATENT_SIZE))
    e = jax.random.uniform(uniform_key, (CRITIC_STEPS, BATCH_SIZE, 1))
    critic, loss = state.discriminator, jnp.zeros(())
    for update in range(CRITIC_STEPS):
        number = state.step * CRITIC_STEPS + update
        real = jax.lax.dynamic_index_in_dim(images, number % len(images), keepdims=False)
        fake = generated(state.generator.parameters, latents[update])
        between = e[update] * real + (1 - e[update]) * fake

        def critic_loss(parameters: Parameters) -> Array:
            distance = logits(parameters, fake).mean() - logits(parameters, real).mean()
            return distance + PENALTY_WEIGHT * penalty(parameters, between)

        loss, gradients = jax.value_and_grad(critic_loss)(critic.parameters)
        critic = adam(critic, gradients, (number + 1).astype(jnp.float32))

    def generator_loss(parameters: Parameters) -> Array:
        return -logits(critic.parameters, generated(parameters, latents[-1])).mean()

    other_loss, gradients = jax.value_and_grad(generator_loss)(state.generator.parameters)
    generator = adam(state.generator, gradients, (state.step + 1).astype(jnp.float32))
    return State(generator, critic, state.step + 1), jnp.stack([loss, other_loss])


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


if __name__ == "__main__":
    worker.serve(prepare())
