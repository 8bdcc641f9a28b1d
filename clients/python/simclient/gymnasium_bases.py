"""The classes that environments derive from: gymnasium's where it is installed, stand-ins where it is not."""

from __future__ import annotations

import enum
from typing import Any

__all__ = ["AutoresetMode", "EnvBase", "VectorEnvBase", "autoreset_of"]

try:
    from gymnasium import Env as _Env
    from gymnasium.vector import VectorEnv as _VectorEnv
except ImportError:

    class _Env:  # type: ignore[no-redef]
        """Stands in for ``gymnasium.Env``."""

        spec: Any = None
        render_mode: Any = None

        @property
        def unwrapped(self) -> Any:
            return self

        def reset(self, *, seed: Any = None, options: Any = None) -> Any:
            return None

    class _VectorEnv(_Env):  # type: ignore[no-redef]
        """Stands in for ``gymnasium.vector.VectorEnv``."""


try:
    from gymnasium.vector import AutoresetMode
except ImportError:

    class AutoresetMode(enum.Enum):  # type: ignore[no-redef]
        """What a step does with an environment whose episode ended; names and values are gymnasium's."""

        NEXT_STEP = "NextStep"
        SAME_STEP = "SameStep"
        DISABLED = "Disabled"


EnvBase: Any = _Env
VectorEnvBase: Any = _VectorEnv


def autoreset_of(mode: Any) -> AutoresetMode:
    """The mode of a member, its name or its value, in any case: ``same_step``, ``SameStep``.

    :raises ValueError: it is none of the three.
    """
    if isinstance(mode, AutoresetMode):
        return mode
    for known in AutoresetMode:
        if str(mode).replace("_", "").lower() == known.value.lower():
            return known
    raise ValueError(f"autoreset is {mode!r}; it has to be same_step, next_step or disabled")
