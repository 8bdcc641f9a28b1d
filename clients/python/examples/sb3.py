"""Trains Stable-Baselines3's PPO on sixteen cart-poles.

    pip install stable-baselines3
    python3 examples/sb3.py
"""

import sys

import simclient
from simclient.sb3 import SimVecEnv

try:
    from stable_baselines3 import PPO
    from stable_baselines3.common.evaluation import evaluate_policy
except ImportError:
    sys.exit("stable-baselines3 is not installed")

with simclient.make_vec("cartpole", 16, seed=0) as envs, simclient.make_vec("cartpole", 16, seed=1000) as others:
    model = PPO("MlpPolicy", SimVecEnv(envs), n_steps=64, seed=0, verbose=1)
    model.learn(100_000)
    mean, deviation = evaluate_policy(model, SimVecEnv(others), n_eval_episodes=32)
    print(f"return {mean:.0f} ± {deviation:.0f}")
