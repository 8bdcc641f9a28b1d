import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import List

import simclient

from .real_server import RealServerTest

PACKAGE = Path(simclient.__file__).parents[1]


class ExamplesTest(RealServerTest):
    def run_example(self, name: str, *arguments: str) -> List[str]:
        ran = subprocess.run(
            [sys.executable, str(PACKAGE / "examples" / name), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        )
        self.assertEqual(ran.returncode, 0, ran.stdout)
        return ran.stdout.splitlines()

    def test_the_training_example_balances_the_pole(self) -> None:
        last = self.run_example("train.py")[-1]
        found = re.search(r"mean return ([\d.]+)", last)
        assert found is not None, last
        # What the environment says counts as solved.
        self.assertGreaterEqual(float(found[1]), 475)

    def test_the_recording_example_leaves_a_recording(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new" / "pendulum.simdemo"
            self.run_example("record.py", str(path))
            self.assertEqual(path.read_bytes()[:8], b"SIMDEMO\n")
