import json
import os
import subprocess
import sys
from pathlib import Path

import simclient

from .real_server import RealServerTest

PACKAGE = Path(simclient.__file__).parents[1]


class ThroughputBenchmarkTest(RealServerTest):
    def test_every_way_to_a_server_has_a_figure(self) -> None:
        ran = subprocess.run(
            [sys.executable, str(PACKAGE / "benchmarks" / "throughput.py"), "--env", "pendulum", "--envs", "8", "--seconds", "0.05", "--steps", "50", "--json"],
            stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        )
        figures = json.loads(ran.stdout.splitlines()[-1])
        self.assertEqual((figures["environment"], figures["environments"]), ("pendulum", 8))
        measured = [value for value in figures.values() if isinstance(value, dict)]
        rates = [value["steps_per_second"] for value in measured if "steps_per_second" in value]
        latencies = [value["median_us"] for value in measured if "median_us" in value]
        self.assertEqual((len(rates), len(latencies)), (10, 5))
        self.assertGreater(min(*rates, *latencies), 0)
