import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

import simclient
from simclient.registration import IDS

from .real_server import RealServerTest

try:
    import gymnasium
except ImportError:
    gymnasium = None

PACKAGE = Path(simclient.__file__).parents[1]

PROGRAM = """
import sys
import gymnasium, numpy as np
assert "msgpack" not in sys.modules, "importing gymnasium should stay cheap"
import simclient, simclient.registration

with gymnasium.make("sim/cartpole", address=sys.argv[1], seed=3) as env:
    assert isinstance(env, gymnasium.Env) and isinstance(env, simclient.SimEnv)
    assert isinstance(env.observation_space, gymnasium.spaces.Box)
    assert isinstance(env.action_space, gymnasium.spaces.Discrete) and env.action_space.n == 2
    assert env.observation_space.made_of[2:] == ((4,), np.float32)
    assert env.spec.id == "sim/cartpole"
    env.reset(seed=5)
    assert env.seeded_with == 5
    env.step(1)

with gymnasium.make_vec("sim/quadrotor-hover", num_envs=3, address=sys.argv[1], autoreset="next_step") as envs:
    assert isinstance(envs, gymnasium.vector.VectorEnv) and isinstance(envs, simclient.SimVectorEnv)
    assert envs.metadata["autoreset_mode"] is gymnasium.vector.AutoresetMode.NEXT_STEP
    assert simclient.AutoresetMode is gymnasium.vector.AutoresetMode
    assert envs.action_space == ("batched", 3, envs.single_action_space)
    observations, infos = envs.reset(seed=1)
    assert observations.shape == (3, 82)
    assert not envs.closed
assert envs.closed

known = set(gymnasium.envs.registration.registry)
del gymnasium.envs.registration.registry["sim/pendulum"]
simclient.register_envs(sys.argv[1])
assert set(gymnasium.envs.registration.registry) == known
print("all is well")
"""


class EntryPointTest(RealServerTest):
    def test_the_ids_known_without_a_server_are_those_it_lists(self) -> None:
        with simclient.connect(self.server.address) as session:
            listed = sorted(row.id for row in session.list())
        self.assertEqual(sorted(IDS), listed, "put what 'sim list' shows into IDS of simclient/registration.py")

    def test_a_plugin_of_gymnasium_registers_makes_and_derives(self) -> None:
        # Read by hand: Python 3.9 has no reader of TOML.
        found = re.search(r'\[project\.entry-points\."gymnasium\.envs"\]\n(\w+) = "([\w.:]+)"', (PACKAGE / "pyproject.toml").read_text())
        assert found is not None
        self.assertEqual(found[1], "sim")
        stand_ins = Path(__file__).parent / "stand_ins"
        ran = subprocess.run(
            [sys.executable, "-c", PROGRAM, self.server.address], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONPATH": f"{stand_ins}{os.pathsep}{PACKAGE}", "PLUGIN": f"{found[1]}={found[2]}"},
        )
        self.assertEqual((ran.returncode, ran.stdout.strip()), (0, "all is well"))


@unittest.skipIf(gymnasium is None, "gymnasium is not installed")
class GymnasiumTest(RealServerTest):
    """With the real one."""

    def setUp(self) -> None:
        if "sim/cartpole" not in gymnasium.registry:
            from simclient.registration import register

            register(prefix="sim/")

    def test_its_checker_finds_nothing(self) -> None:
        from gymnasium.utils.env_checker import check_env

        for id in ("cartpole", "pendulum", "quadrotor-hover"):
            with simclient.make(id, address=self.server.address) as env:
                check_env(env, skip_render_check=True)

    def test_it_makes_environments_by_their_id(self) -> None:
        with gymnasium.make("sim/cartpole", address=self.server.address) as env:
            env.reset(seed=1)
            env.step(env.action_space.sample())
        envs = gymnasium.make_vec("sim/cartpole", num_envs=3, address=self.server.address)
        self.assertIsInstance(envs.unwrapped, simclient.SimVectorEnv)
        envs.reset(seed=1)
        self.assertIn(envs.step(envs.action_space.sample())[0], envs.observation_space)
        envs.close()

    def test_its_wrapper_counts_the_same_episodes(self) -> None:
        options = {"num_envs": 8, "address": self.server.address}
        own = simclient.make_vec("cartpole", **options)
        wrapped = gymnasium.wrappers.vector.RecordEpisodeStatistics(simclient.make_vec("cartpole", episode_statistics=False, **options))
        for envs in (own, wrapped):
            envs.reset(seed=1)
        ended = 0
        for actions in np.random.default_rng(0).integers(2, size=(200, 8)):
            first, second = own.step(actions)[4], wrapped.step(actions)[4]
            self.assertEqual("episode" in first, "episode" in second)
            if "episode" in first:
                ended += 1
                np.testing.assert_array_equal(first["_episode"], second["_episode"])
                for key in "rl":
                    np.testing.assert_array_equal(first["episode"][key], second["episode"][key])
        self.assertGreater(ended, 8)
        own.close()
        wrapped.close()
