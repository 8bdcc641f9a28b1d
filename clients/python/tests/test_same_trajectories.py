from typing import Dict, List

import numpy as np

import simclient

from .real_server import RealServerTest

BATCH = 7
STEPS = 120


class SameTrajectoriesTest(RealServerTest):
    """The same seeds and actions give the same bits, however they travel and however many play beside each other."""

    tcp: simclient.Server

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.tcp = simclient.serve(address="tcp://127.0.0.1:0")
        cls.addClassCleanup(cls.tcp.close)

    def test_bits_do_not_depend_on_transport_batch_or_threads(self) -> None:
        for id in ("cartpole", "pendulum", "quadrotor-hover"):
            with self.subTest(id):
                self.compare(id)

    def compare(self, id: str) -> None:
        ways: Dict[str, dict] = {
            "shared memory": {"address": self.server.address},
            "views of shared memory": {"address": self.server.address, "copy": False},
            "shared memory by TCP": {"address": self.tcp.address},
            "Unix socket": {"address": self.server.address, "shared_memory": False},
            "TCP": {"address": self.tcp.address, "shared_memory": False},
            "views by TCP": {"address": self.tcp.address, "shared_memory": False, "copy": False, "slots": 3},
            "two threads": {"address": self.server.address, "threads": 2},
        }
        played = {way: self.play(id, **options) for way, options in ways.items()}
        wanted = played.pop("shared memory")
        self.assertGreater(len(np.unique(wanted[0])), STEPS)
        for way, shown in played.items():
            for array, expected in zip(shown, wanted):
                np.testing.assert_array_equal(array, expected, err_msg=way)
        for lane in range(BATCH):
            for array, expected in zip(self.play_alone(id, lane), wanted):
                np.testing.assert_array_equal(array, expected[:, lane], err_msg=f"lane {lane} alone")

    def actions(self, envs: simclient.SimVectorEnv) -> List[np.ndarray]:
        with simclient.make_vec(envs.description.id, BATCH, address=self.server.address) as full:
            full.action_space.seed(9)
            return [full.action_space.sample() for _ in range(STEPS)]

    def play(self, id: str, **options: object) -> List[np.ndarray]:
        """Observations, rewards, terminations and truncations, ``[STEPS, BATCH, …]``."""
        with simclient.make_vec(id, BATCH, **options) as envs:  # type: ignore[arg-type]
            envs.reset(seed=5)
            shown = [[array.copy() for array in envs.step(actions)[:4]] for actions in self.actions(envs)]
        return [np.stack(arrays) for arrays in zip(*shown)]

    def play_alone(self, id: str, lane: int) -> List[np.ndarray]:
        with simclient.make_vec(id, 1, address=self.server.address) as envs:
            envs.reset(seed=5 + lane)
            shown = [[array[0] for array in envs.step(actions[lane:lane + 1])[:4]] for actions in self.actions(envs)]
        return [np.stack(arrays) for arrays in zip(*shown)]
