import subprocess
import tempfile
from pathlib import Path

import numpy as np

import simclient

from .real_server import RealServerTest

MAGIC = b"SIMDEMO\n"


class RecordingTest(RealServerTest):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def play(self, envs: simclient.SimVectorEnv, steps: int = 40) -> int:
        """Ended episodes."""
        envs.reset(seed=1)
        envs.action_space.seed(1)
        ended = 0
        for _ in range(steps):
            envs.step(envs.action_space.sample())
            ended += 0 if envs.ended is None else len(envs.ended.lanes)
        return ended

    def test_a_path_is_enough_to_record_and_the_file_is_whole_at_close(self) -> None:
        path = self.folder / "new" / "cartpole.simdemo"
        with simclient.make_vec("cartpole", 4, record=str(path)) as envs:
            self.assertGreater(self.play(envs), 0)
        recorded = path.read_bytes()
        self.assertEqual(recorded[:len(MAGIC)], MAGIC)
        with simclient.make_vec("cartpole", 4, record=str(self.folder / "new" / "other.simdemo")) as envs:
            self.play(envs)
        self.assertEqual(path.read_bytes(), recorded)

    def test_recording_changes_no_bit(self) -> None:
        shown = []
        for record in (None, str(self.folder / "a.simdemo")):
            with simclient.make_vec("pendulum", 3, record=record) as envs:
                self.play(envs)
                shown.append(envs.snapshot().data)
        np.testing.assert_array_equal(*shown)

    def test_what_is_recorded_replays_exactly(self) -> None:
        path = self.folder / "cartpole.simdemo"
        with simclient.make_vec("cartpole", 4, record=str(path), source="human") as envs:
            envs.reset(seed=3)
            envs.annotate([simclient.Event(0, "keyboard", 1.5, "key", [1], "ArrowLeft", 37)])
            self.play(envs)
            envs.annotate(label=simclient.Label(lane=0, success=True, quality=4, notes="steady"))
        help = subprocess.run([*simclient.find_command(), "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
        if " demo " not in help:
            self.skipTest("this sim has no 'demo verify'")
        ran = subprocess.run([*simclient.find_command(), "demo", "verify", str(path)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout)

    def test_names_that_cannot_be_recorded_to_are_refused(self) -> None:
        path = self.folder / "a.simdemo"
        with simclient.make("cartpole", record=str(path)) as env:
            env.reset(seed=1)
        for record in (path, self.folder / "a.txt"):
            with self.assertRaises(simclient.SimError) as caught:
                simclient.make("cartpole", record=str(record))
            self.assertEqual(caught.exception.code, "invalid_argument")
        with self.assertRaises(simclient.SimError) as caught:
            simclient.make("cartpole", address=self.server.address, record="a.simdemo")
        self.assertEqual(caught.exception.code, "not_supported")

    def test_labels_out_of_range_and_batches_that_are_not_recorded_are_refused(self) -> None:
        with simclient.make("cartpole", record=str(self.folder / "a.simdemo")) as env:
            env.reset(seed=1)
            env.step(0)
            with self.assertRaises(simclient.SimError) as caught:
                env.annotate(label=simclient.Label(quality=9))
            self.assertEqual(caught.exception.code, "invalid_argument")
            env.annotate(label=simclient.Label(success=False, discard=True))
        with simclient.make("cartpole") as env:
            env.reset(seed=1)
            with self.assertRaises(simclient.SimError) as caught:
                env.annotate(label=simclient.Label(success=True))
            self.assertEqual(caught.exception.code, "not_supported")
