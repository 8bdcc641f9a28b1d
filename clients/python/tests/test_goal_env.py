import unittest
from typing import Any, Dict, List

import numpy as np

import simclient
from simclient import messages
from simclient.results import Array

from .scripted_server import ScriptedServer, frame

COUNT = 2
POINT = ["box", "float32", [3], [-1.0], [1.0], ["x", "y", "z"]]
GOALS = ["dict", None, None, None, None, None, None, [["observation", POINT], ["achieved_goal", POINT], ["desired_goal", POINT]]]
GROUPS = ("observation", "achieved_goal", "desired_goal")


def field(name: str, type: str, shape: List[int], offset: int, size: int) -> List[Any]:
    return [name, type, shape, offset, int(np.prod(shape)) * size]


def made() -> bytes:
    spec = ["reach", 1, "", "lanes", GOALS, POINT, 50, 0.1, -1.0, 0.0, ["distance"], True, None, "{}"]
    fields = [field(group, "float32", [COUNT, 3], 64 * place, 4) for place, group in enumerate(GROUPS)]
    fields.append(field("reward", "float32", [COUNT], 192, 4))
    for place, flag in enumerate(("terminated", "truncated", "faulted", "is_success")):
        fields.append(field(flag, "bool", [COUNT], 256 + 64 * place, 1))
    ended = [field("lane", "int32", [], 0, 4), field("episode_return", "float32", [], 0, 4), field("episode_length", "int32", [], 0, 4)]
    ended += [field(f"final/{group}", "float32", [3], 0, 4) for group in GROUPS]
    actions = field("action", "float32", [COUNT, 3], 0, 4)
    return frame(messages.MADE, 2, [1, spec, COUNT, actions, fields, ended, None, 0, "reach v1"])


def result(request: int, ended: bool) -> bytes:
    """Rows count up from 0; those of an ended episode's last observations from 100."""
    parts: List[Array] = [np.arange(6, dtype=np.float32) + 10 * group for group in range(3)]
    parts.append(np.array([-1, -2], np.float32))
    parts += [np.array([False, ended]), np.zeros(2, bool), np.zeros(2, bool), np.array([False, True])]
    if ended:
        parts += [np.array([1], np.int32), np.array([-7], np.float32), np.array([5], np.int32)]
        parts += [np.arange(100, 103, dtype=np.float32) + 10 * group for group in range(3)]
    block = b"".join(part.tobytes() + bytes(-part.nbytes % 64) for part in parts)
    return frame(messages.RESULT, request, [1, int(ended), -1], block)


class GoalEnvTest(unittest.TestCase):
    """Against scripted bytes, in the layout of the protocol's page."""

    def test_observations_are_dicts_and_so_are_final_ones(self) -> None:
        with ScriptedServer(made(), result(3, False), result(4, True)) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("reach", COUNT)
            self.assertEqual(list(envs.single_observation_space.spaces), list(GROUPS))
            observations, _ = envs.reset(seed=1)
            for place, group in enumerate(GROUPS):
                np.testing.assert_array_equal(observations[group], np.arange(6).reshape(2, 3) + 10 * place)
            shown, rewards, terminated, _, infos = envs.step(np.zeros((COUNT, 3)))
            self.assertEqual(shown.keys(), observations.keys())
            np.testing.assert_array_equal(rewards, [-1, -2])
            np.testing.assert_array_equal(terminated, [False, True])
            self.assertIsNone(infos["final_obs"][0])
            final: Dict[str, Array] = infos["final_obs"][1]
            for place, group in enumerate(GROUPS):
                np.testing.assert_array_equal(final[group], np.arange(100, 103) + 10 * place)
            np.testing.assert_array_equal(infos["is_success"], [False, True])
            self.assertEqual((infos["episode"]["r"][1], infos["episode"]["l"][1]), (-7, 5))

    def test_rewards_of_goals_are_asked_for_a_row_each(self) -> None:
        answers = [frame(messages.REWARDS, 3, [1, 2], np.array([-0.5, 0], np.float32).tobytes())]
        answers.append(frame(messages.REWARDS, 4, [1, 1], np.array([-0.25], np.float32).tobytes()))
        with ScriptedServer(made(), *answers) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("reach", COUNT)
            achieved, desired = np.arange(6.0).reshape(2, 3), np.arange(6.0, 12.0).reshape(2, 3)
            np.testing.assert_array_equal(envs.compute_reward(achieved, desired, {}), [-0.5, 0])
            self.assertEqual(envs.compute_reward(achieved[0], desired[0], {}), -0.25)
            (header, block), (_, single) = server.requests[-2:]
            self.assertEqual(header, [messages.COMPUTE_REWARDS, 3, [1, 2]])
            np.testing.assert_array_equal(np.frombuffer(block, np.float32), np.arange(12))
            np.testing.assert_array_equal(np.frombuffer(single, np.float32), [0, 1, 2, 6, 7, 8])


class AnnotationTest(unittest.TestCase):
    def test_events_and_labels_travel_in_the_protocols_order(self) -> None:
        with ScriptedServer(made(), frame(messages.ANNOTATED, 3, [1])) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("reach", COUNT, record="a.simdemo")
            events = [simclient.Event(1, "pad-0", 12.5, "axis", [0.25, -1], code=2), simclient.Event(0, "keys", 13, "note", text="slipped")]
            envs.annotate(events, simclient.Label(lane=1, success=True, quality=4, notes="clean"))
            self.assertEqual(server.requests[1][0][2][9], "a.simdemo")
            self.assertEqual(server.requests[2][0], [
                messages.ANNOTATE, 3,
                [
                    1,
                    [[1, "pad-0", 12.5, "axis", [0.25, -1.0], None, 2], [0, "keys", 13.0, "note", [], "slipped", 0]],
                    [1, True, 4, "clean", False],
                ],
            ])
