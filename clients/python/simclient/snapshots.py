"""States of environments, to go back to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Snapshots:
    """Opaque states of k environments, which fit any environment of the same id, version and settings."""

    name: str
    #: uint8 ``[k, bytes of one]``.
    data: np.ndarray[Any, Any]
    #: Leading bytes of a row that say all the next step depends on.
    state_bytes: int
    #: Seed and number of the episode that each is in: uint64 and uint32 ``[k]``.
    seeds: np.ndarray[Any, Any]
    episodes: np.ndarray[Any, Any]

    @property
    def states(self) -> np.ndarray[Any, Any]:
        """All the next step depends on, uint8 ``[k, state_bytes]``: equal rows have the same future."""
        return self.data[:, :self.state_bytes]

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, rows: Any) -> Snapshots:
        """Some of them: an index, a slice, a mask or a list of indices."""
        chosen = np.atleast_1d(np.arange(len(self))[rows])
        return Snapshots(self.name, self.data[chosen], self.state_bytes, self.seeds[chosen], self.episodes[chosen])
