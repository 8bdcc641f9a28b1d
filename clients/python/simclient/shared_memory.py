"""Memory that this process and a server on the same host both map."""

from __future__ import annotations

import mmap
import os
from typing import Any, Optional

import numpy as np

try:
    import fcntl
except ImportError:  # Windows, where servers do not offer shared memory either.
    fcntl = None  # type: ignore[assignment]


def open_shared(path: str, length: int) -> Optional[np.ndarray[Any, Any]]:
    """The first ``length`` bytes of the file; ``None`` where this process cannot have them.

    Takes nothing but sealed anonymous memory: it cannot shrink under our feet, and no file of the user's has seals, so
    that a false path in a server's answer does no harm.
    """
    if fcntl is None or not hasattr(fcntl, "F_GET_SEALS"):
        return None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if not fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK or os.fstat(descriptor).st_size < length:
            return None
        # Unmapped when the last array that shows it is gone.
        return np.frombuffer(mmap.mmap(descriptor, length), np.uint8)
    except (OSError, ValueError):
        return None
    finally:
        os.close(descriptor)
