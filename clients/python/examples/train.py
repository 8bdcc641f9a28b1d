"""Learns to balance the cart-pole by the cross-entropy method: a linear policy, 64 candidates at a time.

    python3 examples/train.py
"""

import numpy as np

import simclient

CANDIDATES, ELITES, GENERATIONS = 64, 10, 30
random = np.random.default_rng(0)

with simclient.make_vec("cartpole", CANDIDATES, autoreset="disabled", seed=0) as envs:
    mean, spread = np.zeros(4), np.ones(4)
    for generation in range(GENERATIONS):
        weights = mean + spread * random.standard_normal((CANDIDATES, 4))
        observations, _ = envs.reset()
        returns, playing = np.zeros(CANDIDATES), np.ones(CANDIDATES, bool)
        while playing.any():
            actions = (np.sum(weights * observations, axis=1) > 0).astype(int)
            observations, rewards, terminated, truncated, _ = envs.step(actions)
            returns += rewards
            playing = ~(terminated | truncated)
        best = weights[np.argsort(returns)[-ELITES:]]
        mean, spread = best.mean(axis=0), best.std(axis=0) + 0.05
        print(f"generation {generation}: mean return {returns.mean():.1f}, best {returns.max():.0f}")
        if returns.mean() >= envs.description.solved_at:
            break
