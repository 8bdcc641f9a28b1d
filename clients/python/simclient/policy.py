"""A trained policy that runs elsewhere."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

import numpy as np

from . import messages
from .errors import ConnectionLost
from .messages import Spec
from .results import Array
from .session import Session, block_of


class Policy:
    """Acts on observations, from :meth:`simclient.Session.policy`. Several clients' requests are answered by one pass of the network."""

    def __init__(self, session: Session) -> None:
        self.session = session
        #: The environment that the policy was trained in.
        self.description: Spec = session.describe("")
        space = self.description.observation_space
        self.observation_space = space["observation"] if hasattr(space, "spaces") else space
        self.action_space = self.description.action_space

    def act(self, observations: Any) -> Array:
        """Actions ``[rows, …]`` for observations ``[rows, …]``; one action for one observation.

        :param observations: as the environment gives them; of a goal task's dict the entry ``observation`` is read.
        """
        if isinstance(observations, Mapping):
            observations = observations["observation"]
        given = np.asarray(observations)
        shape = self.observation_space.shape
        if given.shape == shape:
            single: Array = self.act(given[np.newaxis])[0]
            return single
        if given.shape[1:] != shape:
            raise ValueError(f"observations have shape {list(given.shape)}; the policy takes {list(shape)} or rows of that")
        rows = len(given)
        choices = self.action_space.dtype is not None and self.action_space.dtype.kind == "i"
        dtype = np.dtype(np.int32 if choices else np.float32)
        result = (rows, *self.action_space.shape)
        if rows == 0:
            return np.zeros(result, dtype)
        _, block = self.session.request(
            messages.ACT, [rows], messages.ACTIONS, given.astype(self.observation_space.dtype, copy=False),
            block_of(int(np.prod(result)) * dtype.itemsize),
        )
        if block is None:
            raise ConnectionLost(f"the server sent no actions for {rows} observations")
        return block.view(dtype).reshape(result)

    __call__ = act

    def predict(self, observation: Any, state: Any = None, episode_start: Any = None, deterministic: bool = True) -> Tuple[Array, Optional[Any]]:
        """The same in the words of Stable-Baselines3, for its ``evaluate_policy``."""
        return self.act(observation), state
