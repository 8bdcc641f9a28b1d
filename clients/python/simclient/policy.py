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
        named = dict(space.spaces) if hasattr(space, "spaces") else {"observation": space}
        #: What the policy reads, in the order in which it stands in a row: goal tasks have the goal behind the observation.
        self.inputs = ("observation", "desired_goal") if {"achieved_goal", "desired_goal"} <= set(named) else ("observation",)
        boxes = [named[name] for name in self.inputs]
        #: The observations it takes as rows of numbers.
        self.observation_space = boxes[0] if len(boxes) == 1 else type(boxes[0])(
            np.concatenate([box.low for box in boxes]), np.concatenate([box.high for box in boxes]), dtype=boxes[0].dtype
        )
        self.action_space = self.description.action_space

    def act(self, observations: Any) -> Array:
        """Actions ``[rows, …]`` for observations ``[rows, …]``; one action for one observation.

        :param observations: as the environment gives them. Of a dict the entry ``observation`` is read, and in a goal
            task ``desired_goal`` too; a goal task's rows may also come as numbers, the goal behind the observation.
        """
        if isinstance(observations, Mapping):
            observations = np.concatenate([np.asarray(observations[name]) for name in self.inputs], axis=-1) if len(self.inputs) > 1 else observations["observation"]
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
