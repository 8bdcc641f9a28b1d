"""One environment as ``gymnasium.Env``."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Dict, Mapping, Optional, Tuple

import numpy as np

from .gymnasium_bases import AutoresetMode, EnvBase
from .messages import Spec
from .recording import Event, Label
from .session import Session
from .snapshots import Snapshots
from .vector_env import SimVectorEnv


class SimEnv(EnvBase):
    """A single task. Made by :func:`simclient.make`, which says what the options do.

    An episode that ended stands still until ``reset``. ``reset`` without a seed begins the next episode of the seed
    there is; the system draws one where none was ever given.
    """

    def __init__(self, session: Session, id: str, **options: Any) -> None:
        self._envs = SimVectorEnv(session, id, 1, autoreset=AutoresetMode.DISABLED, **options)
        self.session = session
        self.metadata = {"render_modes": self._envs.metadata["render_modes"]}
        self.render_mode = self._envs.render_mode
        #: What the task is under its settings.
        self.description: Spec = self._envs.description

    @cached_property
    def observation_space(self) -> Any:
        return self._envs.single_observation_space

    @cached_property
    def action_space(self) -> Any:
        return self._envs.single_action_space

    def reset(self, *, seed: Optional[int] = None, options: Optional[Mapping[str, Any]] = None) -> Tuple[Any, Dict[str, Any]]:
        """Begins an episode; ``options`` are settings that hold for this reset alone."""
        super().reset(seed=seed)
        observations, infos = self._envs.reset(seed=seed, options=options)
        return _first(observations), _single(infos)

    def step(self, action: Any) -> Tuple[Any, float, bool, bool, Dict[str, Any]]:
        """Observation, reward, terminated, truncated and info."""
        observations, rewards, terminated, truncated, infos = self._envs.step(np.asarray(action)[np.newaxis])
        return _first(observations), float(rewards[0]), bool(terminated[0]), bool(truncated[0]), _single(infos)

    def compute_reward(self, achieved_goal: Any, desired_goal: Any, info: Any = None) -> Any:
        """Reward of goals, ``[size]`` or ``[rows, size]``, in a goal task."""
        return self._envs.compute_reward(achieved_goal, desired_goal, info)

    def snapshot(self) -> Snapshots:
        """The state of the environment."""
        return self._envs.snapshot()

    def restore(self, snapshot: Snapshots) -> Tuple[Any, Dict[str, Any]]:
        """Goes back to where a snapshot was taken, and on from there bit for bit."""
        observations, infos = self._envs.restore(snapshot)
        return _first(observations), _single(infos)

    def annotate(self, *events: Event, label: Optional[Label] = None) -> None:
        """Puts a person's input and judgement into the recording."""
        self._envs.annotate(events, label)

    def render(self) -> Any:
        """A picture, uint8 ``[height, width, 3]``, where ``render_mode`` is ``rgb_array``."""
        pictures = self._envs.render()
        return None if pictures is None else pictures[0]

    def close(self) -> None:
        """Ends the environment; a recording is whole when this returns."""
        self._envs.close()

    def __enter__(self) -> SimEnv:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.description.id})"


def _first(observations: Any) -> Any:
    if isinstance(observations, dict):
        return {group: rows[0] for group, rows in observations.items()}
    return observations[0]


def _single(infos: Mapping[str, Any]) -> Dict[str, Any]:
    """The infos of a batch of one as those of an environment: no masks, plain numbers."""
    info: Dict[str, Any] = {}
    for name, value in infos.items():
        if name.startswith("_"):
            continue
        if isinstance(value, dict):
            info[name] = _single(value)
        else:
            first = value[0]
            info[name] = first.item() if isinstance(first, np.generic) else first
    return info
