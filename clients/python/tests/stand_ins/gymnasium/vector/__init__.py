"""Not gymnasium: the base of vector environments, and the names of autoreset modes."""

import enum


class AutoresetMode(enum.Enum):
    NEXT_STEP = "NextStep"
    SAME_STEP = "SameStep"
    DISABLED = "Disabled"


class VectorEnv:
    metadata = {}
    spec = None
    render_mode = None
    closed = False

    @property
    def unwrapped(self):
        return self
