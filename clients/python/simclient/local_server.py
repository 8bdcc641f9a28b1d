"""Servers of this process's own: started when needed, gone when the process is gone."""

from __future__ import annotations

import atexit
import json
import os
import queue
import shlex
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, Dict, List, Optional, Sequence

from .errors import ConnectionLost
from .private_sockets import private_address

#: A cold start of .NET on a machine that has other things to do.
_START_SECONDS = 60
_END_SECONDS = 10

#: From the end of a conversation to the end of the process.
_LAST_WORDS_SECONDS = 1

#: Nobody else can connect, so that there is nobody to protect the server from.
_NO_LIMITS = ("--idle", "1000000", "--max-sessions", "10000")

#: Bytes of a server's standard error that are shown.
_MOST_LOG = 1 << 20

_lock = threading.Lock()
_shared: Dict[Optional[str], Server] = {}
_running: List[Server] = []


class Server:
    """A ``sim serve`` process, which ends with this one. Made by :func:`simclient.serve`; a context manager."""

    def __init__(
        self,
        *,
        address: Optional[str] = None,
        recordings: Optional[str] = None,
        policy: Optional[str] = None,
        arguments: Sequence[str] = (),
        command: Optional[Sequence[str]] = None,
    ) -> None:
        #: Where it listens.
        self.address = ""
        listen = address or private_address()
        #: To remove where the server could not, having been killed.
        self._socket = listen[len("unix://"):] if address is None and listen.startswith("unix://") else ""
        verb = ["serve"] if policy is None else ["serve-policy", policy]
        words = [*(command or find_command()), *verb, "--listen", listen, "--lifeline", "--json"]
        environment = dict(os.environ)
        if address is None:
            words += _NO_LIMITS
            environment.pop("SIM_TOKEN", None)
        if recordings is not None:
            os.makedirs(recordings, exist_ok=True)
            words += ["--recordings", recordings]
        words += arguments
        self._log = tempfile.TemporaryFile()
        try:
            # A session of its own: Ctrl-C is for this process, which may still want to save something.
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=environment, start_new_session=True,
            )
        except OSError as error:
            self._log.close()
            raise ConnectionLost(f"'{shlex.join(words)}' cannot be started: {error}") from error
        _running.append(self)
        try:
            self.address = self._wait_for_address(words)
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Number of the server's process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def log(self) -> str:
        """The beginning of what the server wrote on standard error."""
        # The server writes at the place that seeking would move.
        return os.pread(self._log.fileno(), _MOST_LOG, 0).decode("utf-8", "replace") if hasattr(os, "pread") else ""

    def close(self) -> None:
        """Lets the server finish what it is doing, and ends it."""
        if self not in _running:
            return
        _running.remove(self)
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_END_SECONDS)
        self._log.close()
        if self._socket and os.path.exists(self._socket):
            os.unlink(self._socket)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Server({self.address!r})"

    def _wait_for_address(self, words: Sequence[str]) -> str:
        assert self._process.stdout is not None
        lines: queue.Queue[Optional[str]] = queue.Queue()
        self._reader = threading.Thread(
            target=_drain, args=(self._process.stdout, lines), daemon=True, name="sim-server-output"
        )
        self._reader.start()
        try:
            line = lines.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise ConnectionLost(f"'{shlex.join(words)}' did not listen within {_START_SECONDS} s: {self.log()}") from None
        try:
            return str(json.loads(line or "")["listening"][0])
        except (ValueError, LookupError, TypeError):
            said = "\n".join(text for text in (line, self.log()) if text)
            raise ConnectionLost(f"'{shlex.join(words)}' is no sim that serves: {said.strip() or 'it ended'}") from None

    def _forget(self) -> None:
        """In a forked child: closes the copy of the lifeline, so that the server ends with the parent."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._log.close()
        # Nothing of the parent's is waited for or cleaned up by the child.
        self._process.returncode = 0


def serve(
    *,
    address: Optional[str] = None,
    recordings: Optional[str] = None,
    policy: Optional[str] = None,
    arguments: Sequence[str] = (),
    command: Optional[Sequence[str]] = None,
) -> Server:
    """Starts a server that ends with this process.

    :param address: where it listens; a private Unix socket when left out.
    :param recordings: folder in which ``record=`` names files; made where it does not exist.
    :param policy: folder of a training run, to serve its policy in place of environments.
    :param arguments: further arguments of ``sim serve``.
    :param command: words that start ``sim``; found as :func:`simclient.find_command` says when left out.
    """
    return Server(address=address, recordings=recordings, policy=policy, arguments=arguments, command=command)


def shared_server(recordings: Optional[str] = None) -> Server:
    """The one server of this process that keeps recordings in this folder, or keeps none."""
    folder = None if recordings is None else os.path.abspath(recordings)
    with _lock:
        server = _shared.get(folder)
        if server is None or not server.alive:
            server = _shared[folder] = Server(recordings=folder)
        return server


def last_words(address: str) -> str:
    """What a server of this process's own said when it ended; empty for one that runs, and for those of others."""
    for server in _running:
        if server.address == address:
            try:
                code = server._process.wait(_LAST_WORDS_SECONDS)
            except subprocess.TimeoutExpired:
                return ""
            return f"; the server ended with code {code}: {server.log().strip()[-1000:] or 'no word'}"
    return ""


def find_command() -> List[str]:
    """How ``sim`` is started: the words of the environment variable ``SIM_COMMAND``, else ``sim`` on the PATH, else what
    was built in the checkout that this package lies in.

    :raises ConnectionLost: there is none of these.
    """
    words = shlex.split(os.environ.get("SIM_COMMAND", ""))
    if words:
        return words
    found = shutil.which("sim")
    if found:
        return [found]
    for folder in Path(__file__).resolve().parents:
        built = folder / "artifacts" / "bin" / "sim" / "release"
        if (built / "sim").is_file():
            return [str(built / "sim")]
        if (built / "sim.dll").is_file():
            return ["dotnet", str(built / "sim.dll")]
    raise ConnectionLost(
        "no sim to start: build it with 'dotnet build -c Release Cli' and put it on the PATH, name it in the environment "
        "variable SIM_COMMAND, or give the address of a server that runs"
    )


def _drain(output: IO[bytes], lines: queue.Queue[Optional[str]]) -> None:
    """Hands on the first line and reads the rest away, so that the server never waits for a reader."""
    with output:
        lines.put(output.readline().decode("utf-8", "replace"))
        while output.read1(1 << 16):  # type: ignore[attr-defined]
            pass


def _forget_servers() -> None:
    """A forked child starts its own."""
    global _lock
    _lock = threading.Lock()
    for server in _running:
        server._forget()
    _running.clear()
    _shared.clear()


@atexit.register
def _end_servers() -> None:
    for server in list(_running):
        server.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_servers)
