"""Not gymnasium: the part of its surface that simclient touches, for machines where it is not installed.

It loads the plugin in the middle of its own import, before ``gymnasium.vector`` is there, as gymnasium does.
"""

import sys


class Env:
    metadata = {"render_modes": []}
    render_mode = None
    spec = None
    seeded_with = None

    @property
    def unwrapped(self):
        return self

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.seeded_with = seed

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()
        return False


from gymnasium.envs import registration  # noqa: E402

registration.load_plugin()
assert "gymnasium.vector" not in sys.modules, "the plugin imports what gymnasium has not imported yet"

from gymnasium import spaces, vector  # noqa: E402, F401
from gymnasium.envs.registration import make, make_vec, register  # noqa: E402, F401
