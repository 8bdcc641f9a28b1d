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

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, rows: Any) -> Snapshots:
        """Some of them: an index, a slice, a mask or a list of indices."""
        return Snapshots(self.name, np.atleast_2d(self.data[rows]))
