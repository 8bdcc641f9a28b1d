import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import simclient
from simclient import local_server
from simclient.private_sockets import private_address

from .real_server import RealServerTest

#: Patience for a machine that has other things to do, seconds.
PATIENCE = 60


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie that nobody has collected yet."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


class FindCommandTest(unittest.TestCase):
    def test_the_environment_variable_comes_first(self) -> None:
        with mock.patch.dict(os.environ, {"SIM_COMMAND": "dotnet '/some where/sim.dll'"}):
            self.assertEqual(simclient.find_command(), ["dotnet", "/some where/sim.dll"])

    def test_then_the_path_then_what_the_checkout_has_built(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"SIM_COMMAND": "", "PATH": folder}):
            package = Path(folder) / "clients" / "python" / "simclient" / "local_server.py"
            with mock.patch.object(local_server, "__file__", str(package)):
                with self.assertRaisesRegex(simclient.ConnectionLost, "SIM_COMMAND"):
                    simclient.find_command()
                built = Path(folder) / "artifacts" / "bin" / "sim" / "release"
                built.mkdir(parents=True)
                (built / "sim.dll").touch()
                self.assertEqual(simclient.find_command(), ["dotnet", str(built.resolve() / "sim.dll")])
                (built / "sim").touch()
                self.assertEqual(simclient.find_command(), [str(built.resolve() / "sim")])
                found = Path(folder) / "sim"
                found.touch(mode=0o755)
                self.assertEqual(simclient.find_command(), [str(found)])

    def test_a_command_that_is_no_sim_is_shown_with_what_it_said(self) -> None:
        for command, said in (
            ([sys.executable, "-c", "print('hello')"], "hello"),
            ([sys.executable, "-c", "import sys; sys.exit('no such verb')"], "no such verb"),
            (["/nowhere/sim"], "cannot be started"),
        ):
            with self.assertRaisesRegex(simclient.ConnectionLost, said):
                simclient.serve(command=command)

    def test_a_command_that_says_nothing_is_not_waited_for_forever(self) -> None:
        with mock.patch.object(local_server, "_START_SECONDS", 0.3):
            with self.assertRaisesRegex(simclient.ConnectionLost, "did not listen within"):
                simclient.serve(command=[sys.executable, "-c", "import sys; sys.stdin.read()"])


class LocalServerTest(RealServerTest):
    def test_one_server_is_shared_by_all_environments(self) -> None:
        with simclient.make("cartpole") as first, simclient.make_vec("pendulum", 2) as second:
            self.assertEqual(first.session.address, second.session.address)

    def test_a_token_in_the_environment_is_for_other_servers(self) -> None:
        with mock.patch.dict(os.environ, {"SIM_TOKEN": "secret"}):
            with simclient.serve() as private, simclient.connect(private.address) as session:
                self.assertGreater(session.ping(), 0)
            with simclient.serve(address="tcp://127.0.0.1:0") as public:
                with self.assertRaisesRegex(simclient.SimError, "asks for a token"):
                    simclient.connect(public.address)

    def test_a_shared_server_that_died_is_replaced(self) -> None:
        server = local_server.shared_server()
        server._process.kill()
        server._process.wait(PATIENCE)
        with simclient.make("cartpole") as env:
            env.reset(seed=1)
            self.assertNotEqual(env.session.address, server.address)

    def test_an_environment_whose_server_died_says_so(self) -> None:
        with simclient.serve() as server, simclient.make("cartpole", address=server.address) as env:
            env.reset(seed=1)
            server._process.kill()
            with self.assertRaisesRegex(simclient.ConnectionLost, "the server ended with code -9"):
                while True:
                    env.step(0)

    def test_closing_ends_the_process_and_leaves_no_socket(self) -> None:
        server = simclient.serve()
        process, path = server.pid, server.address[len("unix://"):]
        self.assertTrue(is_running(process) and os.path.exists(path))
        server.close()
        self.assertFalse(is_running(process) or os.path.exists(path))

    def test_nobody_else_can_reach_a_private_server(self) -> None:
        path = Path(self.server.address[len("unix://"):])
        self.assertEqual(path.parent.stat().st_mode & 0o777, 0o700)
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(tempfile, "tempdir", folder):
            taken = Path(folder) / f"sim-{os.getuid()}"
            taken.mkdir(mode=0o777)
            taken.chmod(0o777)
            chosen = Path(private_address()[len("unix://"):]).parent
            self.assertNotEqual(chosen, taken)
            self.assertEqual(chosen.stat().st_mode & 0o777, 0o700)
        with tempfile.TemporaryDirectory(prefix="long" * 25) as folder, mock.patch.object(tempfile, "tempdir", folder):
            self.assertLess(len(private_address()), 108)

    def test_a_process_that_is_killed_leaves_no_server_behind(self) -> None:
        for ending in (signal.SIGKILL, signal.SIGTERM, None):
            program = (
                "import simclient, sys\n"
                "from simclient.local_server import shared_server\n"
                "env = simclient.make('cartpole')\n"
                "print(shared_server().pid, flush=True)\n"
                "sys.stdin.readline()\n"
            )
            child = subprocess.Popen(
                [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(Path(simclient.__file__).parents[1])},
            )
            with child:
                assert child.stdout is not None and child.stdin is not None
                server = int(child.stdout.readline())
                self.assertTrue(is_running(server))
                if ending is None:
                    child.stdin.close()
                else:
                    child.send_signal(ending)
                child.wait(PATIENCE)
            deadline = time.monotonic() + PATIENCE
            while is_running(server) and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertFalse(is_running(server), f"after {ending}")

    def test_a_forked_process_starts_its_own_and_keeps_none_of_the_parents_alive(self) -> None:
        server = simclient.serve()
        env = simclient.make("pendulum")
        env.reset(seed=1)
        done, release = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(release)
                with simclient.make("pendulum") as own:
                    own.reset(seed=1)
                    code = 0 if own.session.address != env.session.address else 2
                os.read(done, 1)
                for other in list(local_server._running):
                    other.close()
            finally:
                os._exit(code)
        os.close(done)
        # The child lives on, without a hold on this server's lifeline.
        server.close()
        self.assertEqual(server._process.returncode, 0)
        env.step([0])
        os.close(release)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        env.step([0])
        env.close()
