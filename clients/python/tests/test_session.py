import os
import signal
import socket
import struct
import threading
import time
import unittest

import numpy as np

import simclient
from simclient import messages
from simclient.frames import Connection, frame_head
from simclient.session import Session

from .real_server import RealServerTest
from .scripted_server import SILENCE, ScriptedServer, frame


class HostileServerTest(unittest.TestCase):
    """Whatever comes over the wire: an error in words, and a session that knows it has ended."""

    def assert_lost(self, answer: bytes, expected: str) -> None:
        with ScriptedServer(answer) as server, simclient.connect(server.address) as session:
            with self.assertRaisesRegex(simclient.ConnectionLost, expected):
                session.ping()
            self.assertTrue(session.closed)
            with self.assertRaisesRegex(simclient.ConnectionLost, "there is no connection"):
                session.ping()

    def test_what_is_no_messagepack(self) -> None:
        self.assert_lost(struct.pack("<II", 8, 0) + b"\xc1" * 8, "no MessagePack")

    def test_a_header_longer_than_any(self) -> None:
        self.assert_lost(struct.pack("<II", 0xFFFFFFFF, 0) + bytes(8), "a header of 4294967295 bytes")

    def test_a_block_where_none_belongs(self) -> None:
        self.assert_lost(frame(messages.PONG, 2, [0, 0], bytes(1000)), "a block of 1000 bytes")

    def test_the_answer_to_another_request(self) -> None:
        self.assert_lost(frame(messages.PONG, 99, [0, 0]), "request 99 where 2 was due")

    def test_an_answer_of_another_kind(self) -> None:
        self.assert_lost(frame(messages.CLOSED, 2, [0]), "message 20 where 22 was due")

    def test_a_header_that_is_no_message(self) -> None:
        for header in (b"\x01", b"\x90", b"\x93\xc0\xc0\xc0", b"\xa3abc"):
            self.assert_lost(bytes(frame_head(header, 0)), "not of this protocol")

    def test_the_end_in_the_middle_of_a_frame(self) -> None:
        self.assert_lost(frame(messages.PONG, 2, [0, 0])[:-3], "ended the conversation")

    def test_lists_and_specs_that_do_not_hold_together(self) -> None:
        for type, body, ask in (
            (messages.ENVIRONMENTS, [[["id"], 3]], Session.list),
            (messages.ENVIRONMENTS, [], Session.list),
            (messages.DESCRIPTION, [["id", 1]], lambda session: session.describe("x")),
            (messages.MADE, [1, None], lambda session: session.make("x")),
        ):
            with ScriptedServer(frame(type, 2, body)) as server, simclient.connect(server.address) as session:
                with self.assertRaisesRegex(simclient.ConnectionLost, "not of this protocol"):
                    ask(session)  # type: ignore[operator]

    def test_a_layout_that_does_not_fill_its_bytes(self) -> None:
        for fields, said in (
            ([["observation", "float32", [2, 3], 0, 99]], "does not fill 99 bytes"),
            ([["observation", "float64", [2, 3], 0, 48]], "'float64'"),
            ([["observation", "float32", [-2, -3], 0, 24]], "does not fill"),
            ([["observation", "float32", [2, 3], 0, 24]], "without the field 'reward'"),
        ):
            box = ["box", "float32", [3], [-1.0], [1.0], []]
            spec = ["x", 1, "", "lanes", box, box, 0, 0.1, -1.0, 1.0, [], False, None, "{}"]
            made = [1, spec, 2, ["action", "float32", [2, 3], 0, 24], fields, [], None, 0, ""]
            with ScriptedServer(frame(messages.MADE, 2, made)) as server, simclient.connect(server.address) as session:
                with self.assertRaisesRegex(simclient.ConnectionLost, said):
                    session.make_vec("x", 2)

    def test_a_server_that_refuses_at_the_door(self) -> None:
        refusal = frame(messages.ERROR, 0, ["busy", "64 clients are served already", True])
        with ScriptedServer(welcome=refusal) as server:
            with self.assertRaisesRegex(simclient.SimError, "64 clients") as caught:
                simclient.connect(server.address)
            self.assertEqual(caught.exception.code, "busy")

    def test_something_that_is_no_sim_server(self) -> None:
        with ScriptedServer(welcome=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server:
            with self.assertRaises(simclient.ConnectionLost):
                simclient.connect(server.address)

    def test_a_server_that_says_nothing(self) -> None:
        with ScriptedServer(welcome=SILENCE) as server:
            with self.assertRaisesRegex(simclient.ConnectionLost, "timed out"):
                simclient.connect(server.address, timeout=0.2)


class FramesTest(unittest.TestCase):
    def test_frames_arrive_whole_however_they_are_cut(self) -> None:
        near, far = socket.socketpair()
        blocks = [os.urandom(length) for length in (0, 1, 300_000, 7)]
        text = b"".join(frame(messages.PONG, i, ["x" * 100_000 * i], block) for i, block in enumerate(blocks))

        def dribble() -> None:
            sizes = np.random.default_rng(0).integers(1, 70_000, 1000)
            at = 0
            for size in sizes:
                far.sendall(text[at:at + size])
                at += size

        with near, far:
            thread = threading.Thread(target=dribble)
            thread.start()
            connection = Connection(near)
            for i, block in enumerate(blocks):
                header, length = connection.receive_header()
                self.assertEqual((header[1], len(header[2][0]), length), (i, 100_000 * i, len(block)))
                received = np.empty(length, np.uint8)
                connection.receive_block(received.data)
                self.assertEqual(received.tobytes(), block)
            thread.join()


class SessionTest(RealServerTest):
    def setUp(self) -> None:
        self.session = simclient.connect(self.server.address)
        self.addCleanup(self.session.close)

    def test_the_server_lists_and_describes_environments(self) -> None:
        rows = {row.id: row for row in self.session.list()}
        self.assertIn("CartPole-v1", rows["cartpole"].aliases)
        spec = self.session.describe("CartPole-v1", {"gravity": 3})
        self.assertEqual((spec.id, spec.settings["gravity"]), ("cartpole", 3))
        self.assertEqual(spec.labels["observation"][0], "position")

    def test_a_refusal_has_a_code_and_the_servers_sentence_and_the_session_goes_on(self) -> None:
        for code, ask in (
            ("unknown_environment", lambda: self.session.describe("cartpol")),
            ("invalid_setting", lambda: self.session.describe("cartpole", {"gravty": 3})),
            ("invalid_setting", lambda: self.session.make_vec("cartpole", 2, settings={"gravity": "much"})),
            ("limit_exceeded", lambda: self.session.make_vec("cartpole", 1 << 30)),
            ("not_reset", lambda: self.session.make_vec("cartpole", 2).step([0, 1])),
            ("not_supported", lambda: self.session.policy()),
        ):
            with self.assertRaises(simclient.SimError) as caught:
                ask()
            self.assertEqual(caught.exception.code, code)
            self.assertNotIsInstance(caught.exception, simclient.ConnectionLost)
        self.assertGreater(self.session.ping(), 0)

    def test_addresses_that_are_none_are_named(self) -> None:
        for address in ("localhost:5555", "tcp://localhost", "tcp://:1", "tcp://host:99999", "unix://", ""):
            with self.assertRaisesRegex(ValueError, "is no address"):
                Session(address)

    def test_where_nobody_listens_there_is_no_connection(self) -> None:
        with self.assertRaisesRegex(simclient.ConnectionLost, "no connection to unix:///nowhere"):
            simclient.connect("unix:///nowhere")

    def test_batches_of_one_session_may_be_waited_for_in_any_order(self) -> None:
        first, second = (self.session.make_vec("pendulum", 3, seed=1) for _ in range(2))
        for envs in (first, second):
            envs.reset(seed=5)
        actions = np.ones((3, 1), np.float32)
        first.step_async(actions)
        second.step_async(actions)
        later, earlier = second.step_wait()[0], first.step_wait()[0]
        np.testing.assert_array_equal(later, earlier)

    def test_threads_may_share_a_session(self) -> None:
        wanted = self.play(self.session.make_vec("pendulum", 8))
        shown = {}

        def play(number: int) -> None:
            shown[number] = self.play(self.session.make_vec("pendulum", 8))

        threads = [threading.Thread(target=play, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(shown), 4)
        for observations in shown.values():
            np.testing.assert_array_equal(observations, wanted)

    def play(self, envs: simclient.SimVectorEnv) -> np.ndarray:
        envs.reset(seed=2)
        return np.stack([envs.step(np.full((8, 1), 0.01 * step, np.float32))[0] for step in range(100)])

    def test_closing_a_session_wakes_whoever_waits(self) -> None:
        with ScriptedServer(SILENCE) as server:
            session = simclient.connect(server.address)
            threading.Timer(0.2, session.close).start()
            with self.assertRaises(simclient.ConnectionLost):
                session.ping()

    def test_ctrl_c_in_the_middle_of_a_request_ends_the_session_and_says_so(self) -> None:
        with ScriptedServer(SILENCE) as server:
            session = simclient.connect(server.address)
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            with self.assertRaises(KeyboardInterrupt):
                session.ping()
                time.sleep(10)
            with self.assertRaisesRegex(simclient.ConnectionLost, "interrupted by KeyboardInterrupt"):
                session.ping()

    def test_a_forked_process_leaves_the_parents_conversation_alone(self) -> None:
        envs = self.session.make_vec("pendulum", 2)
        envs.reset(seed=1)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                envs.step(np.zeros((2, 1), np.float32))
            except simclient.ConnectionLost as error:
                code = 0 if "forked" in str(error) else 2
            finally:
                envs.close()
                self.session.close()
                os._exit(code)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        envs.step(np.zeros((2, 1), np.float32))

    def test_a_server_that_asks_for_a_token_takes_no_other(self) -> None:
        with simclient.serve(arguments=["--token", "secret"]) as server:
            for token in (None, "guess"):
                with self.assertRaises(simclient.SimError) as caught:
                    simclient.connect(server.address, token=token)
                self.assertEqual(caught.exception.code, "unauthorised")
            with simclient.connect(server.address, token="secret") as session:
                self.assertIn("environments", session.welcome.capabilities)
