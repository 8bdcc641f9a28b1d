"""Environment steps a second and the latency of a single step, by every way to a server.

    python3 benchmarks/throughput.py --seconds 3

Actions are made before the clock starts; every step takes fresh ones.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any, Dict, Iterator, Tuple

import numpy as np

import simclient

ACTION_SETS = 16


def throughput(envs: simclient.SimVectorEnv, seconds: float, pipelined: bool) -> float:
    """Environment steps a second; pipelined with two steps under way, so that the server never waits."""
    actions = [envs.action_space.sample() for _ in range(ACTION_SETS)]
    envs.reset()
    for i in range(50):
        envs.step(actions[i % ACTION_SETS])
    if pipelined:
        envs.step_async(actions[0])
    steps, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for i in range(ACTION_SETS):
            if pipelined:
                envs.step_async(actions[i])
                envs.step_wait()
            else:
                envs.step(actions[i])
        steps += ACTION_SETS
    return steps * envs.num_envs / (time.perf_counter() - begin)


def latency(env: simclient.SimEnv, steps: int) -> Tuple[float, float]:
    """Median and 99th percentile of a single environment's step, microseconds."""
    actions = [env.action_space.sample() for _ in range(ACTION_SETS)]
    env.reset()
    taken = np.empty(steps)
    for i in range(steps):
        begin = time.perf_counter()
        _, _, terminated, truncated, _ = env.step(actions[i % ACTION_SETS])
        taken[i] = time.perf_counter() - begin
        if terminated or truncated:
            env.reset()
    return float(np.median(taken) * 1e6), float(np.percentile(taken, 99) * 1e6)


def ways(unix: str, tcp: str) -> Iterator[Tuple[str, Dict[str, Any]]]:
    yield "shared memory, views", {"address": unix, "copy": False}
    yield "shared memory, copies", {"address": unix, "copy": True}
    yield "Unix socket, views", {"address": unix, "copy": False, "shared_memory": False}
    yield "TCP, views", {"address": tcp, "copy": False, "shared_memory": False}
    yield "TCP, copies", {"address": tcp, "copy": True, "shared_memory": False}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--env", default="quadrotor-hover")
    parser.add_argument("--envs", type=int, default=4096)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--threads", type=int, default=0, help="of the server, 0 for its choice")
    parser.add_argument("--steps", type=int, default=20_000, help="single steps for the latency")
    parser.add_argument("--json", action="store_true", help="one object on the last line")
    wanted = parser.parse_args()

    figures: Dict[str, Any] = {"environment": wanted.env, "environments": wanted.envs, "threads": wanted.threads}
    with simclient.serve() as unix, simclient.serve(address="tcp://127.0.0.1:0") as tcp:
        for name, options in ways(unix.address, tcp.address):
            for pipelined in (False, True):
                with simclient.make_vec(wanted.env, wanted.envs, seed=1, threads=wanted.threads, **options) as envs:
                    label = f"{name}{', two steps under way' if pipelined else ''}"
                    figures[label] = throughput(envs, wanted.seconds, pipelined)
                    print(f"{label:45} {figures[label] / 1e6:8.2f} M env-steps/s", flush=True)
        for name, options in ways(unix.address, tcp.address):
            with simclient.make(wanted.env, seed=1, **options) as env:
                median, tail = latency(env, wanted.steps)
                figures[f"{name}, latency"] = {"median_us": median, "p99_us": tail}
                print(f"{name:45} {median:8.1f} µs a step, 99th percentile {tail:.1f} µs", flush=True)
    if wanted.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
