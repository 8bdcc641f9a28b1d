import numpy as np

import simclient

from .real_server import RealServerTest


class EnvTest(RealServerTest):
    def make(self, id: str = "cartpole", **options: object) -> simclient.SimEnv:
        env = simclient.make(id, address=self.server.address, **options)  # type: ignore[arg-type]
        self.addCleanup(env.close)
        return env

    def test_an_episode_is_made_of_plain_numbers(self) -> None:
        env = self.make()
        env.action_space.seed(0)
        observation, info = env.reset(seed=1)
        self.assertIn(observation, env.observation_space)
        total, length, ended = 0.0, 0, False
        while not ended:
            self.assertNotIn("episode", info)
            observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
            self.assertIn(observation, env.observation_space)
            self.assertEqual([type(value) for value in (reward, terminated, truncated)], [float, bool, bool])
            total, length, ended = total + reward, length + 1, terminated or truncated
        self.assertEqual((info["episode"]["r"], info["episode"]["l"]), (total, length))
        self.assertEqual([type(info["episode"][key]) for key in "rlt"], [float, int, float])
        self.assertFalse([key for key in info if key.startswith("_")])

    def test_an_episode_that_ended_stands_still_until_reset(self) -> None:
        env = self.make()
        first, _ = env.reset(seed=1)
        ended = False
        while not ended:
            last, _, ended, _, _ = env.step(1)
        shown, reward, terminated, _, info = env.step(1)
        np.testing.assert_array_equal(shown, last)
        self.assertEqual((reward, terminated), (0.0, True))
        self.assertNotIn("episode", info)
        following, _ = env.reset()
        self.assertFalse(np.array_equal(following, first))
        np.testing.assert_array_equal(env.reset(seed=1)[0], first)

    def test_actions_of_every_kind_are_taken(self) -> None:
        env = self.make()
        env.reset(seed=1)
        for action in (1, np.int64(0), np.array(1), True + 0):
            env.step(action)
        with self.assertRaisesRegex(ValueError, "an action is 2"):
            env.step(2)
        pendulum = self.make("pendulum")
        pendulum.reset(seed=1)
        for action in ([0.5], np.array([0.5]), np.array([1], np.int32)):
            pendulum.step(action)
        with self.assertRaisesRegex(ValueError, r"actions have shape \[1\]; pendulum takes \[1, 1\]"):
            pendulum.step(0.5)

    def test_a_snapshot_brings_back_the_episode(self) -> None:
        env = self.make("pendulum")
        env.reset(seed=1)
        saved = env.snapshot()
        wanted = [env.step([1])[0] for _ in range(20)]
        env.restore(saved)
        np.testing.assert_array_equal([env.step([1])[0] for _ in range(20)], wanted)

    def test_truncation_comes_with_the_time_limit(self) -> None:
        env = self.make("pendulum", settings={"episode_steps": 3})
        self.assertEqual(env.description.time_limit, 3)
        env.reset(seed=1)
        self.assertEqual([env.step([0])[2:4] for _ in range(3)], [(False, False), (False, False), (False, True)])

    def test_pictures_are_only_offered_by_servers_that_draw(self) -> None:
        env = self.make()
        self.assertIsNone(env.render())
        if "render" not in env.session.welcome.capabilities:
            with self.assertRaisesRegex(ValueError, "render_mode is 'rgb_array'"):
                self.make(render_mode="rgb_array")
            return
        drawn = self.make(render_mode="rgb_array", render_size=(64, 48))
        drawn.reset(seed=1)
        self.assertEqual((drawn.render().shape, drawn.render().dtype), ((48, 64, 3), np.dtype(np.uint8)))
