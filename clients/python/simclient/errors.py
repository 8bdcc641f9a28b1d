"""What can go wrong beyond a wrong argument, which is a ``ValueError`` or a ``TypeError``."""

from __future__ import annotations


class SimError(Exception):
    """A request that the server refused or could not do.

    ``code`` is one of the protocol's codes, such as ``invalid_action``; the text is the server's sentence.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class ConnectionLost(SimError):
    """There is no conversation with the server any more: make or connect anew."""

    def __init__(self, sentence: str) -> None:
        super().__init__("connection_lost", sentence)

    def __reduce__(self) -> tuple[type[ConnectionLost], tuple[str]]:
        return ConnectionLost, (str(self),)
