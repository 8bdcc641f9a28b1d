"""Environment steps a second and the latency of a single step, by every way to a server.

    python3 benchmarks/throughput.py --seconds 3

Actions are made before the clock starts; every step takes fresh ones.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from typing import Any, Dict, Iterator, NamedTuple, Tuple

import numpy as np

import simclient

ACTION_SETS = 16
WARM_UP_SECONDS = 1


class Throughput(NamedTuple):
    steps_per_second: float
    #: Of a step of the whole batch, where the system says.
    client_cpu_us: float
    server_cpu_us: float

    def __str__(self) -> str:
        cpu = f"{self.client_cpu_us:6.0f} + {self.server_cpu_us:6.0f} µs of CPU a batch step (client + server)"
        return f"{self.steps_per_second / 1e6:6.2f} M env-steps/s, {cpu}"


def throughput(envs: simclient.SimVectorEnv, server: simclient.Server, seconds: float, pipelined: bool) -> Throughput:
    """Pipelined with two steps under way, so that the server never waits."""
    actions = [envs.action_space.sample() for _ in range(ACTION_SETS)]
    envs.reset()
    # .NET compiles what runs often a second time, in the background.
    warm = time.perf_counter() + WARM_UP_SECONDS
    while time.perf_counter() < warm:
        envs.step(actions[0])
    if pipelined:
        envs.step_async(actions[0])
    steps, begin, cpu, server_cpu = 0, time.perf_counter(), time.process_time(), cpu_seconds(server.pid)
    while time.perf_counter() - begin < seconds:
        for i in range(ACTION_SETS):
            if pipelined:
                envs.step_async(actions[i])
                envs.step_wait()
            else:
                envs.step(actions[i])
        steps += ACTION_SETS
    wall = time.perf_counter() - begin
    cpu, server_cpu = time.process_time() - cpu, cpu_seconds(server.pid) - server_cpu
    return Throughput(steps * envs.num_envs / wall, cpu / steps * 1e6, server_cpu / steps * 1e6)


def cpu_seconds(process: int) -> float:
    """What a process has used; nothing where there is no /proc."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stat:
            user, system = stat.read().rpartition(")")[2].split()[11:13]
    except OSError:
        return float("nan")
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


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


def ways(unix: simclient.Server, tcp: simclient.Server) -> Iterator[Tuple[str, simclient.Server, Dict[str, Any]]]:
    yield "shared memory, views", unix, {"copy": False}
    yield "shared memory, copies", unix, {"copy": True}
    yield "Unix socket, views", unix, {"copy": False, "shared_memory": False}
    yield "TCP, views", tcp, {"copy": False, "shared_memory": False}
    yield "TCP, copies", tcp, {"copy": True, "shared_memory": False}


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
        for name, server, options in ways(unix, tcp):
            for pipelined in (False, True):
                with simclient.make_vec(
                    wanted.env, wanted.envs, seed=1, threads=wanted.threads, address=server.address, **options
                ) as envs:
                    label = f"{name}{', two steps under way' if pipelined else ''}"
                    figures[label] = throughput(envs, server, wanted.seconds, pipelined)
                    print(f"{label:43} {figures[label]}", flush=True)
        for name, server, options in ways(unix, tcp):
            with simclient.make(wanted.env, seed=1, address=server.address, **options) as env:
                median, tail = latency(env, wanted.steps)
                figures[f"{name}, latency"] = {"median_us": median, "p99_us": tail}
                print(f"{name:43} {median:6.1f} µs a single step, 99th percentile {tail:.1f} µs", flush=True)
    if wanted.json:
        print(json.dumps({label: value._asdict() if isinstance(value, Throughput) else value for label, value in figures.items()}))


if __name__ == "__main__":
    main()
