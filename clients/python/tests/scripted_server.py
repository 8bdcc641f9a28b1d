"""A peer that says what a test tells it to, for what no real server would say."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from typing import Any, List, Sequence, Tuple

import msgpack

from simclient import messages
from simclient.frames import PREFIX, block_offset, frame_head

WELCOME = [1, "sim", "test", ["environments"], 1 << 20, 100, 10]

#: Listens, and says nothing.
SILENCE = b""


def frame(type: int, request: int, body: Sequence[Any], block: bytes = b"") -> bytes:
    return bytes(frame_head(msgpack.packb([type, request, body]), len(block))) + block


class ScriptedServer:
    """Answers the hello, then each request with the next of the texts, then ends the conversation."""

    def __init__(self, *answers: bytes, welcome: bytes = frame(messages.WELCOME, 1, WELCOME)) -> None:
        self._folder = tempfile.mkdtemp(prefix="sim-test-")
        path = os.path.join(self._folder, "socket")
        self.address = f"unix://{path}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(path)
        self._listener.listen()
        self._answers = (welcome, *answers)
        #: Header and block of every request.
        self.requests: List[Tuple[Any, bytes]] = []
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_: Any) -> None:
        self._released.set()
        self._listener.close()
        self._thread.join(10)
        shutil.rmtree(self._folder)

    def _serve(self) -> None:
        stream, _ = self._listener.accept()
        with stream, stream.makefile("rb") as requests:
            for answer in self._answers:
                prefix = requests.read(PREFIX.size)
                if len(prefix) < PREFIX.size:
                    return
                header_bytes, block_bytes = PREFIX.unpack(prefix)
                rest = requests.read(block_offset(header_bytes) - PREFIX.size + block_bytes)
                self.requests.append((msgpack.unpackb(rest[:header_bytes]), rest[len(rest) - block_bytes:]))
                if answer == SILENCE:
                    self._released.wait(60)
                    return
                # In two pieces, as a network may deliver them.
                try:
                    stream.sendall(answer[:5])
                    stream.sendall(answer[5:])
                except BrokenPipeError:
                    return  # The client has seen enough.
