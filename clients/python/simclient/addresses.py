"""Where a server listens, and how to reach it."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from typing import Union

from .errors import ConnectionLost

#: ``True`` for the system's certificates, a path for those of a file, or a context of your own.
Tls = Union[bool, str, ssl.SSLContext, None]

_FORMS = "write tcp://127.0.0.1:5555 or unix:///tmp/sim.socket"


@dataclass(frozen=True)
class Address:
    """``tcp://host:port`` or ``unix:///path/to/socket``."""

    path: str
    host: str
    port: int

    @staticmethod
    def parse(text: str) -> Address:
        if text.startswith("unix://"):
            path = text[len("unix://"):]
            if path:
                return Address(path, "", 0)
        elif text.startswith("tcp://"):
            host, colon, port = text[len("tcp://"):].rpartition(":")
            if colon and host and port.isdecimal() and 0 < int(port) < 65536:
                return Address("", host.strip("[]"), int(port))
        raise ValueError(f"{text!r} is no address: {_FORMS}")

    def connect(self, timeout: float, tls: Tls = None) -> socket.socket:
        """A blocking stream socket that sends at once what it is given.

        :raises ConnectionLost: nobody answers there within ``timeout`` seconds, or the certificate is not trusted.
        """
        try:
            made = self._open(timeout)
            if tls is not None and tls is not False:
                made = _context(tls).wrap_socket(made, server_hostname=self.host or "localhost")
        except OSError as error:
            raise ConnectionLost(f"no connection to {self}: {error}") from error
        return made

    def _open(self, timeout: float) -> socket.socket:
        if not self.path:
            made = socket.create_connection((self.host, self.port), timeout=timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return made
        if not hasattr(socket, "AF_UNIX"):
            raise OSError("this system has no Unix sockets; use a tcp:// address")
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.settimeout(timeout)
            made.connect(self.path)
        except BaseException:
            made.close()
            raise
        return made

    def __str__(self) -> str:
        if self.path:
            return f"unix://{self.path}"
        return f"tcp://[{self.host}]:{self.port}" if ":" in self.host else f"tcp://{self.host}:{self.port}"


def _context(tls: Tls) -> ssl.SSLContext:
    if isinstance(tls, ssl.SSLContext):
        return tls
    return ssl.create_default_context(cafile=tls if isinstance(tls, str) else None)
