import unittest

import numpy as np

import simclient
from simclient.sb3 import SimVecEnv

from .real_server import RealServerTest

try:
    import stable_baselines3
except ImportError:
    stable_baselines3 = None

COUNT = 8


class VecEnvTest(RealServerTest):
    def make(self, id: str = "cartpole", **options: object) -> SimVecEnv:
        envs = SimVecEnv(simclient.make_vec(id, COUNT, address=self.server.address, **options))  # type: ignore[arg-type]
        self.addCleanup(envs.close)
        return envs

    def test_ended_episodes_are_told_as_sb3_reads_them(self) -> None:
        envs = self.make()
        plain = simclient.make_vec("cartpole", COUNT, address=self.server.address)
        self.addCleanup(plain.close)
        envs.seed(3)
        np.testing.assert_array_equal(envs.reset(), plain.reset(seed=3)[0])
        ended = 0
        for actions in np.random.default_rng(0).integers(2, size=(100, COUNT)):
            observations, rewards, dones, infos = envs.step(actions)
            shown, others, terminated, truncated, batch_infos = plain.step(actions)
            np.testing.assert_array_equal(observations, shown)
            np.testing.assert_array_equal(rewards, others)
            np.testing.assert_array_equal(dones, terminated | truncated)
            for lane, info in enumerate(infos):
                if not dones[lane]:
                    self.assertEqual(info, {})
                    continue
                ended += 1
                np.testing.assert_array_equal(info["terminal_observation"], batch_infos["final_obs"][lane])
                self.assertEqual(info["episode"]["l"], batch_infos["episode"]["l"][lane])
                self.assertIs(info["TimeLimit.truncated"], False)
        self.assertGreater(ended, COUNT)

    def test_a_time_limit_is_told_from_an_end(self) -> None:
        envs = self.make("quadrotor-hover", settings={"episode_steps": 2})
        envs.reset()
        envs.step(np.zeros((COUNT, 4)))
        *_, dones, infos = envs.step(np.zeros((COUNT, 4)))
        self.assertTrue(dones.all())
        for info in infos:
            self.assertIs(info["TimeLimit.truncated"], True)
            self.assertIsInstance(info["is_success"], bool)

    def test_a_seed_and_options_hold_for_the_next_reset_alone(self) -> None:
        envs = self.make()
        envs.seed(3)
        first = envs.reset()
        following = envs.reset()
        self.assertFalse(np.array_equal(first, following))
        envs.seed(3)
        envs.set_options({"low": -0.5, "high": 0.5})
        self.assertGreater(np.abs(envs.reset()).max(), np.abs(first).max())
        envs.seed(3)
        np.testing.assert_array_equal(envs.reset(), first)

    def test_attributes_and_methods_are_asked_for_each_environment(self) -> None:
        envs = self.make()
        envs.reset()
        self.assertEqual(envs.get_attr("render_mode"), [None] * COUNT)
        self.assertEqual(envs.get_attr("num_envs", indices=[0, 2]), [COUNT] * 2)
        self.assertEqual(len(envs.env_method("snapshot", [1], indices=1)), 1)
        self.assertEqual(envs.env_is_wrapped(object, indices=[0]), [False])

    def test_only_same_step_is_taken(self) -> None:
        with simclient.make_vec("cartpole", 2, autoreset="disabled", address=self.server.address) as envs:
            with self.assertRaisesRegex(ValueError, "wants same_step"):
                SimVecEnv(envs)


@unittest.skipIf(stable_baselines3 is None, "stable-baselines3 is not installed")
class StableBaselinesTest(RealServerTest):
    """With the real one."""

    def test_it_learns_on_a_batch(self) -> None:
        with simclient.make_vec("cartpole", COUNT, address=self.server.address) as envs:
            model = stable_baselines3.PPO("MlpPolicy", SimVecEnv(envs), n_steps=64, batch_size=64, seed=1)
            model.learn(2 * 64 * COUNT)
            self.assertEqual(model.num_timesteps, 2 * 64 * COUNT)
