import os
import subprocess
import tempfile

import numpy as np

import simclient

from .real_server import RealServerTest

TRAINING = "train cartpole --agent ppo --envs 8 --threads 1 --steps 1024 --set rollout_steps=32 minibatch=64 hidden=16,16 --out"


class PolicyTest(RealServerTest):
    """A policy that was trained a little, which is enough to see whose actions it gives."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        run = os.path.join(folder.name, "run")
        subprocess.run([*simclient.find_command(), *TRAINING.split(), run], check=True, stdout=subprocess.DEVNULL, cwd=folder.name)
        cls.policies = simclient.serve(policy=run)
        cls.addClassCleanup(cls.policies.close)

    def setUp(self) -> None:
        session = simclient.connect(self.policies.address)
        self.addCleanup(session.close)
        self.policy = session.policy()

    def test_actions_fit_the_environment_that_it_was_trained_in(self) -> None:
        self.assertEqual(self.policy.description.id, "cartpole")
        with simclient.make_vec("cartpole", 64, address=self.server.address) as envs:
            observations, _ = envs.reset(seed=1)
            seen = set()
            for _ in range(50):
                actions = self.policy(observations)
                self.assertEqual((actions.shape, actions.dtype), ((64,), np.dtype(np.int32)))
                seen |= set(actions.tolist())
                observations, *_ = envs.step(actions)
            self.assertEqual(seen, {0, 1})

    def test_an_action_does_not_depend_on_the_rows_beside_it(self) -> None:
        observations = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32)
        together = self.policy.act(observations)
        np.testing.assert_array_equal([self.policy.act(row) for row in observations], together)
        np.testing.assert_array_equal(self.policy.act({"observation": observations}), together)
        np.testing.assert_array_equal(self.policy.predict(observations)[0], together)
        self.assertEqual(self.policy.act(np.zeros((0, 4))).shape, (0,))

    def test_observations_of_another_shape_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, r"observations have shape \[3\]; the policy takes \[4\]"):
            self.policy.act(np.zeros(3))

    def test_it_makes_no_environments(self) -> None:
        with self.assertRaises(simclient.SimError):
            self.policy.session.make("cartpole")
