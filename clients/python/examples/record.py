"""Records eight episodes of a scripted pendulum, to be replayed, checked and exported by ``sim demo``.

    python3 examples/record.py pendulum.simdemo
"""

import sys

import numpy as np

import simclient

path = sys.argv[1] if len(sys.argv) > 1 else "pendulum.simdemo"

with simclient.make_vec("pendulum", 8, seed=1, record=path, source="script") as envs:
    observations, _ = envs.reset()
    finished = 0
    while finished < 8:
        cosine, sine, velocity = observations.T
        # Push with or against the motion until the energy is that of standing upright, then hold.
        missing = 5 - velocity**2 / 6 - 5 * cosine
        torque = np.where(cosine > 0.9, -12 * sine - 3 * velocity, 2 * np.sign(velocity * missing + 1e-3))
        observations, _, _, _, infos = envs.step(np.clip(torque, -2, 2)[:, np.newaxis])
        if "episode" in infos:
            finished += int(infos["_episode"].sum())
            print(f"{finished} episodes, mean return {infos['episode']['r'][infos['_episode']].mean():.0f}")
print(f"recorded to {path}")
