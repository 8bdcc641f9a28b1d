"""Memory for results that are given away."""

from __future__ import annotations

import sys
import sysconfig
from typing import Any, List

import numpy as np

#: Blocks kept for later; whoever holds more results than that at a time gets fresh memory for them.
_KEPT = 8

#: Elsewhere nobody can tell whether a block is still in use.
_COUNTS_REFERENCES = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")


class BlockPool:
    """Gives out blocks of bytes, and takes one back as soon as no array that lies in it is left.

    Fresh memory would cost a page fault for every 4 KiB, which is more than copying a result.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._blocks: List[np.ndarray[Any, Any]] = []
        self._idle = 0

    def take(self, length: int) -> np.ndarray[Any, Any]:
        """So many bytes, at most the capacity. Every array in them keeps them from being given out again."""
        for place in range(len(self._blocks)):
            if self._holders(place) == self._idle:
                return self._blocks[place][:length]
        block = np.empty(self._capacity, np.uint8)
        if _COUNTS_REFERENCES and len(self._blocks) < _KEPT:
            self._blocks.append(block)
            del block
            # How many holders a block has that nobody holds depends on the version of Python.
            place = len(self._blocks) - 1
            self._idle = self._holders(place)
            return self._blocks[place][:length]
        return block[:length]

    def _holders(self, place: int) -> int:
        return sys.getrefcount(self._blocks[place])
