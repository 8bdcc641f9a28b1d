import unittest
from typing import Any, List

import numpy as np

import simclient
from simclient import AutoresetMode, messages
from simclient.sb3 import SimVecEnv

from .scripted_server import ScriptedServer, frame

COUNT = 2
POINT = ["box", "float32", [1], [-1.0], [1.0], ["x"]]
INFO = ["box", "float32", [2], [0.0, 0.0], [2.0, np.inf], ["phase", "remaining_steps"]]
NAMES = {"phase": ["approach", "load", "return"]}


def field(name: str, type: str, shape: List[int], offset: int, size: int) -> List[Any]:
    return [name, type, shape, offset, int(np.prod(shape)) * size]


def made(*later: List[Any]) -> bytes:
    """A batch whose server may be newer than the client: it describes further fields of results."""
    spec = ["parcel", 1, "", "lanes", POINT, POINT, 50, 0.1, -1.0, 0.0, ["time"], True, None, "{}", INFO, NAMES, "from later on"]
    fields = [field("observation", "float32", [COUNT, 1], 0, 4), field("reward", "float32", [COUNT], 64, 4)]
    fields += [field(flag, "bool", [COUNT], 128 + 64 * place, 1) for place, flag in enumerate(("terminated", "truncated", "faulted", "is_success"))]
    fields += [field("info", "float32", [COUNT, 2], 384, 4), *later]
    ended = [field("lane", "int32", [], 0, 4), field("episode_return", "float32", [], 0, 4), field("episode_length", "int32", [], 0, 4)]
    ended += [field("final/observation", "float32", [1], 0, 4), field("final_info", "float32", [2], 0, 4)]
    return frame(messages.MADE, 2, [1, spec, COUNT, field("action", "float32", [COUNT, 1], 0, 4), fields, ended, None, 0, "parcel v1"])


def result(request: int, ended: bool, later: bytes = b"") -> bytes:
    """Lane 0 is loading with 7.5 steps to go; lane 1 has just begun, after an episode that ended returning."""
    parts: List[Any] = [np.zeros(COUNT, np.float32), np.zeros(COUNT, np.float32), np.array([False, ended])]
    parts += [np.zeros(COUNT, bool)] * 3
    parts.append(np.array([[1, 7.5], [0, 20]], np.float32))
    if later:
        parts.append(np.frombuffer(later, np.uint8))
    if ended:
        parts += [np.array([1], np.int32), np.array([-7], np.float32), np.array([5], np.int32)]
        parts += [np.array([3], np.float32), np.array([2, 0.25], np.float32)]
    block = b"".join(part.tobytes() + bytes(-part.nbytes % 64) for part in parts)
    return frame(messages.RESULT, request, [1, int(ended), -1], block)


class InfoOutputTest(unittest.TestCase):
    """Against scripted bytes, in the layout of the protocol's page."""

    def test_they_are_asked_for(self) -> None:
        with ScriptedServer(made()) as server, simclient.connect(server.address) as session:
            session.make_vec("parcel", COUNT)
            self.assertIs(server.requests[1][0][2][11], True)

    def test_they_are_infos_under_their_names_and_categories_are_whole_numbers(self) -> None:
        with ScriptedServer(made(), result(3, False)) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("parcel", COUNT)
            _, infos = envs.reset(seed=1)
            np.testing.assert_array_equal(infos["phase"], [1, 0])
            self.assertEqual(infos["phase"].dtype, np.int64)
            np.testing.assert_array_equal(infos["remaining_steps"], [7.5, 20])
            np.testing.assert_array_equal(infos["_phase"], [True, True])
            self.assertEqual(envs.description.info_names["phase"][infos["phase"][0]], "load")
            self.assertNotIn("info", infos)
            self.assertEqual(envs.single_observation_space.shape, (1,))

    def test_the_last_ones_of_an_episode_are_in_its_final_info(self) -> None:
        with ScriptedServer(made(), result(3, False), result(4, True)) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("parcel", COUNT)
            envs.reset(seed=1)
            *_, infos = envs.step(np.zeros((COUNT, 1)))
            np.testing.assert_array_equal(infos["phase"], [1, 0])
            final = infos["final_info"]
            np.testing.assert_array_equal(final["phase"], [0, 2])
            np.testing.assert_array_equal(final["_phase"], [False, True])
            self.assertEqual(final["remaining_steps"][1], 0.25)
            assert envs.ended is not None and envs.ended.info is not None
            np.testing.assert_array_equal(envs.ended.info, [[2, 0.25]])

    def test_without_autoreset_an_ended_episode_shows_them_itself(self) -> None:
        with ScriptedServer(made(), result(3, False), result(4, True)) as server, simclient.connect(server.address) as session:
            envs = session.make_vec("parcel", COUNT, autoreset=AutoresetMode.DISABLED)
            envs.reset(seed=1)
            *_, infos = envs.step(np.zeros((COUNT, 1)))
            self.assertIn("phase", infos)
            self.assertNotIn("final_info", infos)

    def test_fields_of_a_later_server_are_left_alone(self) -> None:
        later = field("entropy", "float32", [COUNT], 448, 4)
        with ScriptedServer(made(later), result(3, False, bytes(8))) as server, simclient.connect(server.address) as session:
            _, infos = session.make_vec("parcel", COUNT).reset(seed=1)
            self.assertNotIn("entropy", infos)
            np.testing.assert_array_equal(infos["phase"], [1, 0])

    def test_stable_baselines_finds_them_at_the_end_of_an_episode(self) -> None:
        with ScriptedServer(made(), result(3, False), result(4, True)) as server, simclient.connect(server.address) as session:
            envs = SimVecEnv(session.make_vec("parcel", COUNT))
            envs.reset()
            envs.step_async(np.zeros((COUNT, 1)))
            *_, infos = envs.step_wait()
            self.assertEqual((infos[1]["phase"], infos[1]["remaining_steps"]), (2, 0.25))
            self.assertEqual(infos[0], {})
