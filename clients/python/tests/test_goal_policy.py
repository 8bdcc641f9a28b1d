import os
import subprocess
import tempfile

import numpy as np

import simclient

from .real_server import RealServerTest

TRAINING = "train surgical-needle-reach --agent ddpg --envs 4 --threads 1 --steps 200 --set hidden=16,16 --out"


class GoalPolicyTest(RealServerTest):
    """A goal task's policy reads the desired goal behind the observation."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        run = os.path.join(folder.name, "run")
        subprocess.run([*simclient.find_command(), *TRAINING.split(), run], check=True, stdout=subprocess.DEVNULL, cwd=folder.name)
        cls.policies = simclient.serve(policy=run)
        cls.addClassCleanup(cls.policies.close)

    def test_dicts_and_rows_of_numbers_get_the_same_actions_and_another_goal_others(self) -> None:
        with simclient.connect(self.policies.address) as session:
            policy = session.policy()
            self.assertEqual(policy.inputs, ("observation", "desired_goal"))
            self.assertEqual(policy.observation_space.shape, (10,))
            with simclient.make_vec("surgical-needle-reach", 5, address=self.server.address) as envs:
                observations, _ = envs.reset(seed=1)
                actions = policy(observations)
                self.assertEqual(actions.shape, (5, 5))
                rows = np.concatenate([observations["observation"], observations["desired_goal"]], axis=1)
                np.testing.assert_array_equal(policy(rows), actions)
                np.testing.assert_array_equal(policy(rows[2]), actions[2])
                elsewhere = dict(observations, desired_goal=observations["desired_goal"] + 0.1)
                self.assertFalse(np.array_equal(policy(elsewhere), actions))
                with self.assertRaisesRegex(ValueError, r"the policy takes \[10\]"):
                    policy(observations["observation"])
