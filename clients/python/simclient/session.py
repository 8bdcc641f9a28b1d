"""A conversation with a server: requests out, answers in their order."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque
from typing import TYPE_CHECKING, Any, Callable, Deque, List, Mapping, Optional, Sequence, Tuple, TypeVar

import msgpack
import numpy as np

from . import messages
from .addresses import Address, Tls
from .errors import ConnectionLost, SimError
from .frames import Buffer, Connection, frame_head
from .local_server import last_words
from .messages import EnvironmentInfo, Spec, Welcome, field
from .settings import as_text
from .version import VERSION

if TYPE_CHECKING:
    from .env import SimEnv
    from .policy import Policy
    from .vector_env import SimVectorEnv

_PROTOCOL = 1

#: What reading an answer can raise when it is not what the protocol says.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, MemoryError)
T = TypeVar("T")
_FORKED = "this connection belongs to the process that this one was forked from; make or connect anew in this process"
_open_sessions: weakref.WeakSet[Session] = weakref.WeakSet()


class Call:
    """A request on its way, and its answer once that has come."""

    __slots__ = ("request", "expects", "room", "bytes", "body", "block", "error", "done")

    def __init__(self, expects: int, room: Callable[[int], np.ndarray[Any, Any]]) -> None:
        self.request = 0
        self.expects = expects
        #: Gives the bytes that a block of the answer goes to, or refuses its length with a ``ValueError``.
        self.room = room
        self.bytes = 0
        self.body: Sequence[Any] = ()
        self.block: Optional[np.ndarray[Any, Any]] = None
        self.error: Optional[SimError] = None
        self.done = False


def no_block(length: int) -> np.ndarray[Any, Any]:
    """Room for the block of an answer that has none."""
    raise ValueError(f"it has a block of {length} bytes, which this answer does not have")


def block_of(length: int) -> Callable[[int], np.ndarray[Any, Any]]:
    """Room for a block of just this length."""

    def room(sent: int) -> np.ndarray[Any, Any]:
        if sent != length:
            raise ValueError(f"its block has {sent} bytes, not {length}")
        return np.empty(length, np.uint8)

    return room


class Session:
    """A conversation with a server, from :func:`simclient.connect`. Threads may share it; forked processes may not."""

    def __init__(self, address: str, token: Optional[str] = None, tls: Tls = None, timeout: float = 30) -> None:
        self.address = address
        self._lock = threading.RLock()
        self._pending: Deque[Call] = deque()
        self._pending_bytes = 0
        self._next_request = 0
        #: Why there is no conversation any more; empty while there is one.
        self._ended = ""
        stream = Address.parse(address).connect(timeout, tls)
        self._connection = Connection(stream)
        _open_sessions.add(self)
        try:
            greeting = [_PROTOCOL, _PROTOCOL, "simclient", VERSION, token]
            body, _ = self.request(messages.HELLO, greeting, messages.WELCOME)
            self.welcome: Welcome = self.parse(Welcome.of, body)
            stream.settimeout(None)
        except BaseException:
            self._end("the handshake failed")
            raise

    def list(self) -> List[EnvironmentInfo]:
        """What the server can make."""
        body, _ = self.request(messages.LIST, [], messages.ENVIRONMENTS)
        return self.parse(lambda rows: [EnvironmentInfo.of(row) for row in rows[0]], body)

    def describe(self, id: str, settings: Optional[Mapping[str, Any]] = None) -> Spec:
        """What an environment is under the settings given; the empty id is a policy server's own."""
        body, _ = self.request(messages.DESCRIBE, [id, as_text(settings)], messages.DESCRIPTION)
        return self.parse(lambda fields: Spec.of(fields[0]), body)

    def make(self, id: str, **options: Any) -> SimEnv:
        """One environment: a :class:`simclient.SimEnv`, with the options of :func:`simclient.make`."""
        from .env import SimEnv

        return SimEnv(self, id, **options)

    def make_vec(self, id: str, num_envs: int = 1, **options: Any) -> SimVectorEnv:
        """A batch: a :class:`simclient.SimVectorEnv`, with the options of :func:`simclient.make_vec`."""
        from .vector_env import SimVectorEnv

        return SimVectorEnv(self, id, num_envs, **options)

    def policy(self) -> Policy:
        """The policy of ``sim serve-policy``: a :class:`simclient.Policy`."""
        from .policy import Policy

        return Policy(self)

    def ping(self) -> float:
        """Seconds that a request and its answer take."""
        sent = time.perf_counter()
        self.request(messages.PING, [0], messages.PONG)
        return time.perf_counter() - sent

    @property
    def closed(self) -> bool:
        return bool(self._ended)

    def close(self) -> None:
        """Ends the conversation, and with it every batch made in it."""
        self._end("the session was closed")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:
            self._end("the session was let go")

    def __repr__(self) -> str:
        return f"Session({self.address!r}{', closed' if self.closed else ''})"

    def request(
        self,
        type: int,
        body: Sequence[Any],
        expects: int,
        block: Optional[np.ndarray[Any, Any]] = None,
        room: Callable[[int], np.ndarray[Any, Any]] = no_block,
    ) -> Tuple[Sequence[Any], Optional[np.ndarray[Any, Any]]]:
        """Sends a request and waits for its answer.

        :raises SimError: the server refused it.
        :raises ConnectionLost: there is no conversation any more.
        """
        call = Call(expects, room)
        with self._lock:
            call.request = self.next_request()
            data = np.ascontiguousarray(block).data.cast("B") if block is not None and block.size else None
            header = msgpack.packb([type, call.request, body])
            self.send(call, frame_head(header, 0 if data is None else data.nbytes), data)
            return self.finish(call)

    def next_request(self) -> int:
        """A number for the next request."""
        self._next_request = (self._next_request + 1) & 0xFFFFFFFF
        return self._next_request

    def send(self, call: Call, head: Buffer, block: Optional[memoryview] = None) -> None:
        """Sends a request whose answer :meth:`finish` takes. The caller sets ``call.request``."""
        call.bytes = len(head) + (0 if block is None else block.nbytes)
        with self._lock:
            self._check_open()
            try:
                # The server does not read on while its answers are not read: what is sent now has to fit on the way.
                while self._pending and self._pending_bytes + call.bytes > self._connection.slack:
                    self._receive()
                self._check_open()
                self._pending.append(call)
                self._pending_bytes += call.bytes
                self._connection.send(head, block)
            except BaseException as error:
                self._fail(error)
                raise

    def finish(self, call: Call) -> Tuple[Sequence[Any], Optional[np.ndarray[Any, Any]]]:
        """Waits for the answer of a request that was sent."""
        with self._lock:
            if not call.done:
                self._check_open()
                try:
                    while not call.done:
                        self._receive()
                except BaseException as error:
                    self._fail(error)
                    raise
        if call.error is not None:
            raise call.error
        return call.body, call.block

    def parse(self, read: Callable[[Sequence[Any]], T], body: Sequence[Any]) -> T:
        """Reads an answer's body.

        :raises ConnectionLost: it is not what the protocol says.
        """
        try:
            return read(body)
        except _MALFORMED as error:
            self._end(f"the server's answer is not of this protocol: {error}")
            raise ConnectionLost(self._ended) from error

    def abandon(self, reason: str) -> None:
        """Ends a conversation of which nobody knows how far it has come."""
        self._end(reason)

    def _receive(self) -> None:
        """Takes the next answer, which is that of the oldest request."""
        header, block_bytes = self._connection.receive_header()
        call = self._pending[0]
        ends = False
        try:
            type, request, body = header[:3]
            if type == messages.ERROR:
                ends = bool(field(body, 2, False))
                call.error = SimError(str(body[0]), str(body[1]))
            elif type != call.expects:
                raise ValueError(f"message {type} where {call.expects} was due")
            # What ends the conversation may answer no request at all.
            if request != call.request and not ends:
                raise ValueError(f"it answers request {request} where {call.request} was due")
            call.body = body
            if block_bytes:
                call.block = call.room(block_bytes)
                self._connection.receive_block(call.block.data)
        except _MALFORMED as error:
            raise ConnectionLost(f"the server's answer is not of this protocol: {error}") from error
        self._pending.popleft()
        self._pending_bytes -= call.bytes
        call.done = True
        if ends:
            self._end(str(call.error))

    def _check_open(self) -> None:
        if self._ended:
            raise ConnectionLost(f"there is no connection to {self.address}: {self._ended}")

    def _fail(self, error: BaseException) -> None:
        """Ends the conversation after a failure in the middle of it."""
        if isinstance(error, (OSError, ConnectionLost)):
            broke = f"{error}{last_words(self.address)}"
            self._end(broke)
            raise ConnectionLost(f"the conversation with {self.address} broke: {broke}") from error
        self._end(f"a request was interrupted by {type(error).__name__}, and its answer is lost; make or connect anew")

    def _end(self, reason: str, in_fork: bool = False) -> None:
        if self._ended:
            return
        self._ended = reason
        if not in_fork:
            # Wakes a thread that waits for an answer. A forked child must not: the stream is the parent's too.
            self._connection.shut_down()
        self._connection.close()
        for call in self._pending:
            call.error, call.done = ConnectionLost(reason), True
        self._pending.clear()
        self._pending_bytes = 0

    def _after_fork(self) -> None:
        """In the child: lets go of what is the parent's, without a word to the server."""
        self._lock = threading.RLock()
        self._end(_FORKED, in_fork=True)


def _forget_sessions() -> None:
    for session in list(_open_sessions):
        session._after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_sessions)
