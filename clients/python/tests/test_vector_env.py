import signal
import unittest

import numpy as np

import simclient
from simclient import AutoresetMode

from .real_server import RealServerTest
from .scripted_server import ScriptedServer, frame

COUNT = 16
#: Enough for several episodes of a cart-pole under random pushes, which fall after 10 to 60 steps.
STEPS = 200


class VectorEnvTest(RealServerTest):
    def make(self, id: str = "cartpole", num_envs: int = COUNT, **options: object) -> simclient.SimVectorEnv:
        envs = simclient.make_vec(id, num_envs, address=self.server.address, **options)  # type: ignore[arg-type]
        self.addCleanup(envs.close)
        return envs

    def pushes(self) -> np.ndarray:
        return np.random.default_rng(0).integers(2, size=(STEPS, COUNT))

    def test_spaces_and_arrays_agree(self) -> None:
        for id in ("cartpole", "pendulum", "quadrotor-hover"):
            envs = self.make(id, 3)
            observations, _ = envs.reset(seed=1)
            self.assertTrue(envs.observation_space.contains(observations), id)
            self.assertTrue(envs.single_observation_space.contains(observations[0]), id)
            envs.action_space.seed(1)
            observations, rewards, terminated, truncated, infos = envs.step(envs.action_space.sample())
            self.assertTrue(envs.observation_space.contains(observations), id)
            for array, dtype in ((rewards, np.float32), (terminated, np.bool_), (truncated, np.bool_)):
                self.assertEqual((array.shape, array.dtype), ((3,), np.dtype(dtype)))

    def test_the_metadata_names_the_autoreset_mode(self) -> None:
        for given in (AutoresetMode.NEXT_STEP, "next_step", "NextStep", "NEXT_STEP"):
            self.assertIs(self.make(autoreset=given).metadata["autoreset_mode"], AutoresetMode.NEXT_STEP)
        self.assertIs(self.make().metadata["autoreset_mode"], AutoresetMode.SAME_STEP)
        with self.assertRaisesRegex(ValueError, "autoreset is 'never'"):
            self.make(autoreset="never")

    def test_same_step_shows_in_one_step_what_disabled_shows_before_and_after_a_masked_reset(self) -> None:
        same, disabled = self.make(), self.make(autoreset="disabled")
        np.testing.assert_array_equal(same.reset(seed=4)[0], disabled.reset(seed=4)[0])
        ended = 0
        for actions in self.pushes():
            shown, rewards, terminated, truncated, infos = same.step(actions)
            last, others, stopped, cut, others_infos = disabled.step(actions)
            for first, second in ((rewards, others), (terminated, stopped), (truncated, cut)):
                np.testing.assert_array_equal(first, second)
            done = terminated | truncated
            if not done.any():
                self.assertNotIn("final_obs", infos)
                self.assertNotIn("episode", others_infos)
                np.testing.assert_array_equal(shown, last)
                continue
            ended += done.sum()
            np.testing.assert_array_equal(infos["_final_obs"], done)
            np.testing.assert_array_equal(infos["_final_info"], done)
            for lane in range(COUNT):
                if done[lane]:
                    np.testing.assert_array_equal(infos["final_obs"][lane], last[lane])
                else:
                    self.assertIsNone(infos["final_obs"][lane])
            self.assertNotIn("final_obs", others_infos)
            np.testing.assert_array_equal(disabled.reset(options={"reset_mask": done})[0], shown)
        self.assertGreater(ended, 2 * COUNT)

    def test_next_step_ignores_the_action_after_an_end_and_begins_the_next_episode(self) -> None:
        same, following = self.make(num_envs=1), self.make(num_envs=1, autoreset="next_step")
        same.reset(seed=4)
        following.reset(seed=4)
        ends = 0
        for actions in self.pushes()[:, :1]:
            shown, _, terminated, _, infos = same.step(actions)
            last, _, stopped, _, last_infos = following.step(actions)
            self.assertEqual(terminated, stopped)
            if terminated:
                ends += 1
                self.assertNotIn("final_obs", last_infos)
                np.testing.assert_array_equal(infos["final_obs"][0], last[0])
                began, reward, again, cut, _ = following.step(actions)
                np.testing.assert_array_equal(began, shown)
                self.assertEqual((reward[0], again[0], cut[0]), (0, False, False))
            else:
                np.testing.assert_array_equal(shown, last)
        self.assertGreater(ends, 2)

    def test_episodes_come_with_return_length_and_seconds(self) -> None:
        envs = self.make()
        envs.reset(seed=2)
        returns, lengths, seen = np.zeros(COUNT), np.zeros(COUNT, int), 0
        for actions in self.pushes():
            _, rewards, terminated, truncated, infos = envs.step(actions)
            returns += rewards
            lengths += 1
            done = terminated | truncated
            self.assertEqual("episode" in infos, done.any())
            if not done.any():
                continue
            seen += done.sum()
            episode = infos["episode"]
            self.assertIs(infos["final_info"]["episode"], episode)
            np.testing.assert_array_equal(infos["_episode"], done)
            # Sums of ones below 2²⁴ are exact in float32.
            np.testing.assert_array_equal(episode["r"], np.where(done, returns, 0))
            np.testing.assert_array_equal(episode["l"], np.where(done, lengths, 0))
            np.testing.assert_array_equal(episode["t"] > 0, done)
            returns[done], lengths[done] = 0, 0
        self.assertGreater(seen, 2 * COUNT)

    def test_episodes_come_with_statistics_in_every_autoreset_mode(self) -> None:
        for mode in ("next_step", "disabled"):
            envs = self.make(autoreset=mode)
            envs.reset(seed=2)
            for length, actions in enumerate(self.pushes(), start=1):
                _, _, terminated, _, infos = envs.step(actions)
                if terminated.any():
                    break
            np.testing.assert_array_equal(infos["_episode"], terminated)
            np.testing.assert_array_equal(infos["episode"]["l"], np.where(terminated, length, 0))

    def test_statistics_are_left_to_a_wrapper_where_that_is_wanted(self) -> None:
        envs = self.make(episode_statistics=False)
        envs.reset(seed=2)
        ended = 0
        for actions in self.pushes():
            *_, infos = envs.step(actions)
            ended += int("final_info" in infos)
            self.assertNotIn("episode", infos)
            self.assertNotIn("episode", infos.get("final_info", {}))
        self.assertGreater(ended, 0)

    def test_ended_lists_what_ended_a_row_each(self) -> None:
        envs = self.make()
        envs.reset(seed=2)
        self.assertIsNone(envs.ended)
        for actions in self.pushes():
            _, _, terminated, truncated, infos = envs.step(actions)
            done = np.flatnonzero(terminated | truncated)
            if len(done) == 0:
                self.assertIsNone(envs.ended)
                continue
            np.testing.assert_array_equal(envs.ended.lanes, done)
            np.testing.assert_array_equal(envs.ended.returns, infos["episode"]["r"][done])
            np.testing.assert_array_equal(envs.ended.final["observation"], np.stack(infos["final_obs"][done]))

    def test_success_is_shown_where_the_task_has_it(self) -> None:
        hover = self.make("quadrotor-hover", 3, settings={"episode_steps": 2})
        hover.reset(seed=1)
        for _ in range(2):
            *_, infos = hover.step(np.zeros((3, 4)))
            self.assertEqual(infos["is_success"].dtype, np.bool_)
            self.assertTrue(infos["_is_success"].all())
        np.testing.assert_array_equal(infos["final_info"]["is_success"], infos["is_success"])
        cartpole = self.make()
        cartpole.reset(seed=1)
        self.assertNotIn("is_success", cartpole.step(self.pushes()[0])[4])

    def test_reward_terms_add_up_to_the_reward(self) -> None:
        envs = self.make("quadrotor-hover", reward_terms=True)
        envs.reset(seed=1)
        envs.action_space.seed(1)
        totals, seen = {term: np.zeros(COUNT) for term in envs.description.reward_terms}, 0
        for _ in range(60):
            _, rewards, *_, infos = envs.step(envs.action_space.sample())
            terms = {term: infos["reward_terms"][term] for term in envs.description.reward_terms}
            # The server adds the terms up in float32: a few units in the last place of the largest, about 100.
            np.testing.assert_allclose(sum(terms.values()), rewards, atol=1e-4)
            for term, values in terms.items():
                totals[term] += values
            if envs.ended is not None:
                lanes = envs.ended.lanes
                seen += len(lanes)
                for term, sums in totals.items():
                    # Up to 60 additions in float32.
                    np.testing.assert_allclose(infos["episode"]["reward_terms"][term][lanes], sums[lanes], rtol=1e-4, atol=1e-3)
                    sums[lanes] = 0
        self.assertGreater(seen, 0)

    def test_the_privileged_group_is_no_observation(self) -> None:
        plain, informed = self.make("quadrotor-hover", 2), self.make("quadrotor-hover", 2, privileged=True)
        self.assertEqual(plain.single_observation_space, informed.single_observation_space)
        np.testing.assert_array_equal(plain.reset(seed=1)[0], informed.reset(seed=1)[0])
        infos = informed.reset(seed=1)[1]
        width = informed.description.observation_space["privileged"].shape[0]
        self.assertEqual(infos["privileged"].shape, (2, width))
        self.assertNotIn("privileged", plain.reset(seed=1)[1])

    def test_reset_takes_a_seed_a_seed_for_each_lane_or_the_next_episodes(self) -> None:
        envs = self.make(num_envs=3)
        by_one = envs.reset(seed=10)[0]
        following = envs.reset()[0]
        np.testing.assert_array_equal(envs.reset(seed=[10, 11, 12])[0], by_one)
        np.testing.assert_array_equal(envs.reset()[0], following)
        self.assertFalse(np.array_equal(by_one, following))
        np.testing.assert_array_equal(envs.reset(seed=[12, 12, 10])[0], by_one[[2, 2, 0]])
        numbered = envs.reset(seed=np.array([10, 11, 12]), options={"episodes": [1, 1, 0]})[0]
        np.testing.assert_array_equal(numbered, np.stack([following[0], following[1], by_one[2]]))

    def test_a_masked_reset_touches_no_other(self) -> None:
        envs = self.make(num_envs=3)
        before = envs.reset(seed=1)[0]
        mask = np.array([False, True, False])
        after = envs.reset(seed=[7, 8, 9], options={"reset_mask": mask})[0]
        np.testing.assert_array_equal(after[~mask], before[~mask])
        np.testing.assert_array_equal(after[mask], self.make(num_envs=1).reset(seed=8)[0])

    def test_options_hold_for_one_reset(self) -> None:
        envs = self.make(num_envs=3)
        plain = envs.reset(seed=1)[0]
        wide = envs.reset(seed=1, options={"low": -0.5, "high": 0.5})[0]
        self.assertGreater(np.abs(wide).max(), np.abs(plain).max())
        np.testing.assert_array_equal(envs.reset(seed=1)[0], plain)
        with self.assertRaises(simclient.SimError) as caught:
            envs.reset(options={"lowest": 3})
        self.assertEqual(caught.exception.code, "invalid_setting")

    def test_without_a_seed_every_batch_draws_its_own(self) -> None:
        self.assertFalse(np.array_equal(self.make().reset()[0], self.make().reset()[0]))
        given = self.make(seed=5)
        np.testing.assert_array_equal(given.reset()[0], self.make().reset(seed=5)[0])

    def test_wrong_arguments_are_named_before_anything_is_sent(self) -> None:
        envs = self.make(num_envs=2)
        envs.reset(seed=1)
        state = envs.snapshot().data
        for wrong, said in (
            ([0], r"shape \[1\]; cartpole takes \[2\]"),
            ([[0, 1]], r"shape \[1, 2\]"),
            ([0, 2], "an action is 2"),
            ([-1, 0], "an action is -1"),
            ([0, 2**32], "an action is 4294967296"),
        ):
            with self.assertRaisesRegex(ValueError, said):
                envs.step(wrong)
        with self.assertRaisesRegex(TypeError, "takes whole numbers"):
            envs.step([0.5, 0.5])
        for seed in (-1, 2**64, [1, -2]):
            with self.assertRaisesRegex(ValueError, "a seed is -|a seed is 18446744073709551616"):
                envs.reset(seed=seed)
        with self.assertRaisesRegex(ValueError, "3 seeds were given for 2"):
            envs.reset(seed=[1, 2, 3])
        with self.assertRaisesRegex(ValueError, "the reset mask is int64"):
            envs.reset(options={"reset_mask": np.array([0, 1])})
        with self.assertRaisesRegex(ValueError, "lanes are"):
            envs.snapshot([2])
        for options, said in (({"num_envs": 0}, "num_envs is 0"), ({"slots": 9}, "slots is 9"), ({"seed": -1}, "a seed is -1")):
            with self.assertRaisesRegex(ValueError, said):
                self.make(**options)
        np.testing.assert_array_equal(envs.snapshot().data, state)

    def test_actions_that_are_not_finite_are_refused_and_nothing_is_stepped(self) -> None:
        for shared in (True, False):
            envs = self.make("pendulum", 2, shared_memory=shared)
            envs.reset(seed=1)
            state = envs.snapshot().states
            with self.assertRaises(simclient.SimError) as caught:
                envs.step(np.array([[0], [np.nan]]))
            self.assertEqual(caught.exception.code, "invalid_action")
            np.testing.assert_array_equal(envs.snapshot().states, state)
            envs.step(np.zeros((2, 1)))

    def test_several_steps_may_be_under_way(self) -> None:
        for shared in (True, False):
            envs, single = (self.make(slots=3, shared_memory=shared) for _ in range(2))
            envs.reset(seed=1)
            single.reset(seed=1)
            pushes = self.pushes()
            for actions in pushes[:2]:
                envs.step_async(actions)
            for step in range(2, 50):
                envs.step_async(pushes[step])
                for first, second in zip(envs.step_wait()[:4], single.step(pushes[step - 2])[:4]):
                    np.testing.assert_array_equal(first, second)
            envs.step_async(pushes[0])
            with self.assertRaisesRegex(RuntimeError, "3 steps are under way"):
                envs.step_async(pushes[0])
            # A reset lets them finish first.
            np.testing.assert_array_equal(envs.reset(seed=1)[0], single.reset(seed=1)[0])
            with self.assertRaisesRegex(RuntimeError, "no step is under way"):
                envs.step_wait()

    def test_steps_too_large_for_the_way_do_not_block_each_other(self) -> None:
        # Results of 14 MB and actions of 0.6 MB: neither side could send while the other does not read.
        envs = self.make("quadrotor-hover", 40_000, shared_memory=False, slots=4)
        envs.reset(seed=1)
        actions = np.zeros((40_000, 4), np.float32)
        for _ in range(4):
            envs.step_async(actions)
        for _ in range(4):
            self.assertEqual(envs.step_wait()[0].shape, (40_000, 82))

    def test_ctrl_c_at_any_moment_leaves_right_results_or_a_clear_end(self) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        random, ended = np.random.default_rng(0), 0
        wanted = [self.make("pendulum", 4).reset(seed=seed)[0] for seed in range(2)]
        actions = np.zeros((4, 1))
        for _ in range(40):
            envs = self.make("pendulum", 4)
            envs.reset(seed=0)
            with self.assertRaises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.002 + 0.005 * random.random())
                while True:
                    envs.step(actions)
            try:
                np.testing.assert_array_equal(envs.reset(seed=1)[0], wanted[1])
            except simclient.ConnectionLost as error:
                ended += 1
                self.assertIn("interrupted", str(error))
        self.assertGreater(ended, 0)

    def test_a_snapshot_brings_back_every_bit(self) -> None:
        envs = self.make("quadrotor-hover", 4)
        envs.reset(seed=1)
        envs.action_space.seed(3)
        actions = [envs.action_space.sample() for _ in range(40)]
        for step in range(10):
            envs.step(actions[step])
        saved = envs.snapshot()
        self.assertEqual((len(saved), saved.seeds.tolist()), (4, [1, 2, 3, 4]))
        wanted = [envs.step(actions[step])[0] for step in range(10, 40)]
        envs.restore(saved)
        for step in range(10, 40):
            np.testing.assert_array_equal(envs.step(actions[step])[0], wanted[step - 10])
        other = self.make("quadrotor-hover", 2)
        shown, _ = other.restore(saved[[3, 1]])
        np.testing.assert_array_equal(other.snapshot().states, saved.states[[3, 1]])
        self.assertEqual(shown.shape, (2, 82))
        with self.assertRaises(simclient.SimError) as caught:
            cartpole = self.make("cartpole", 4)
            cartpole.reset()
            theirs = cartpole.snapshot()
            cartpole.restore(simclient.Snapshots(saved.name, theirs.data, theirs.state_bytes, saved.seeds, saved.episodes))
        self.assertEqual(caught.exception.code, "invalid_argument")

    def test_only_goal_tasks_compute_rewards(self) -> None:
        with self.assertRaises(simclient.SimError) as caught:
            self.make().compute_reward(np.zeros(3), np.zeros(3))
        self.assertEqual(caught.exception.code, "not_supported")
        with self.assertRaisesRegex(ValueError, "goals have shapes"):
            self.make().compute_reward(np.zeros(3), np.zeros(4))

    def test_a_closed_batch_leaves_the_session_to_others(self) -> None:
        with simclient.connect(self.server.address) as session:
            with session.make_vec("cartpole", 2) as envs:
                envs.reset(seed=1)
            envs.close()
            with self.assertRaises(simclient.SimError) as caught:
                envs.reset(seed=1)
            self.assertEqual(caught.exception.code, "unknown_batch")
            self.assertGreater(session.ping(), 0)

    def test_an_environment_of_its_own_session_ends_it(self) -> None:
        envs = self.make()
        envs.close()
        self.assertTrue(envs.session.closed)
        with self.assertRaises(simclient.ConnectionLost):
            envs.reset()


class CopiesTest(RealServerTest):
    """What may be kept, and what a later step overwrites."""

    def steps(self, steps: int, **options: object) -> list:
        with simclient.make_vec("cartpole", COUNT, address=self.server.address, **options) as envs:  # type: ignore[arg-type]
            envs.reset(seed=1)
            pushes = np.random.default_rng(0).integers(2, size=(steps, COUNT))
            return [envs.step(actions) for actions in pushes]

    def test_copies_are_never_overwritten(self) -> None:
        for shared in (True, False):
            kept = self.steps(100, shared_memory=shared)
            with simclient.make_vec("cartpole", COUNT, address=self.server.address) as envs:
                envs.reset(seed=1)
                pushes = np.random.default_rng(0).integers(2, size=(100, COUNT))
                for actions, shown in zip(pushes, kept):
                    for first, second in zip(envs.step(actions)[:4], shown):
                        np.testing.assert_array_equal(first, second)

    def test_views_stay_while_one_further_result_is_made(self) -> None:
        wanted = self.steps(100)
        for shared in (True, False):
            with simclient.make_vec("cartpole", COUNT, address=self.server.address, copy=False, shared_memory=shared) as envs:
                self.assertEqual(envs.shares_memory, shared)
                envs.reset(seed=1)
                pushes = np.random.default_rng(0).integers(2, size=(100, COUNT))
                before = None
                for actions, expected in zip(pushes, wanted):
                    shown = envs.step(actions)
                    for pair in ((before, last), (shown, expected)) if before is not None else ((shown, expected),):
                        for first, second in zip(*(result[:4] for result in pair)):
                            np.testing.assert_array_equal(first, second)
                    before, last = shown, expected

    def test_views_are_of_the_memory_that_the_server_writes(self) -> None:
        for shared in (True, False):
            with simclient.make_vec("cartpole", COUNT, address=self.server.address, copy=False, shared_memory=shared) as envs:
                envs.reset(seed=1)
                addresses = [envs.step(np.zeros(COUNT, int))[0].ctypes.data for _ in range(4)]
                self.assertEqual(addresses[:2], addresses[2:])
                self.assertNotEqual(addresses[0], addresses[1])

    def test_views_outlive_their_environment(self) -> None:
        with simclient.make_vec("cartpole", COUNT, address=self.server.address, copy=False) as envs:
            shown, _ = envs.reset(seed=1)
            copy = shown.copy()
        del envs
        np.testing.assert_array_equal(shown, copy)


class UntrustedMemoryTest(unittest.TestCase):
    def test_no_file_of_the_users_is_ever_mapped(self) -> None:
        import tempfile

        from simclient.shared_memory import open_shared

        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(4096))
            file.flush()
            self.assertIsNone(open_shared(file.name, 4096))
        self.assertIsNone(open_shared("/nowhere", 4096))
        self.assertIsNone(open_shared("/dev/zero", 4096))

    def test_results_that_do_not_fit_their_layout_end_the_session(self) -> None:
        box = ["box", "float32", [1], [-1.0], [1.0], []]
        spec = ["x", 1, "", "lanes", box, box, 0, 0.1, -1.0, 1.0, [], False, None, "{}"]
        fields = [
            ["observation", "float32", [2, 1], 0, 8], ["reward", "float32", [2], 64, 8],
            ["terminated", "bool", [2], 128, 2], ["truncated", "bool", [2], 192, 2],
        ]
        ended = [["lane", "int32", [], 0, 4], ["episode_return", "float32", [], 0, 4], ["episode_length", "int32", [], 0, 4]]
        made = frame(8, 2, [1, spec, 2, ["action", "float32", [2, 1], 0, 8], fields, ended, None, 0, ""])
        one_ended = bytes(256) + np.int32(7).tobytes() + bytes(60 + 64 + 4)
        for result, said in (
            (frame(12, 3, [1, 0, -1], bytes(10)), "not 10"),
            (frame(12, 3, [1, 3, -1], bytes(256)), "3 episodes ended in 2"),
            (frame(12, 3, [1, -1, -1], bytes(256)), "-1 episodes"),
            (frame(12, 3, [1, 0, -1], bytes(1 << 20)), "at most"),
            (frame(12, 3, [2, 0, -1], bytes(256)), "batch 2"),
            (frame(12, 3, [1, 0, 0], bytes(256)), "slot 0"),
            (frame(12, 3, [1, 0, -1]), "without its block"),
            (frame(12, 3, [1, 1, -1], one_ended), "environment 7"),
            (frame(12, 3, [1]), "not of this protocol"),
        ):
            with ScriptedServer(made, result) as server, simclient.connect(server.address) as session:
                envs = session.make_vec("x", 2)
                with self.assertRaisesRegex(simclient.ConnectionLost, said):
                    envs.reset()
                self.assertTrue(session.closed)
