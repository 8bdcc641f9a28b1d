"""What the server tells: specs, layouts, lists. Arrays whose positions are the protocol's field numbers."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from . import spaces

HELLO, WELCOME = 1, 2
LIST, ENVIRONMENTS = 3, 4
DESCRIBE, DESCRIPTION = 5, 6
MAKE, MADE = 7, 8
RESET, STEP, RESTORE, RESULT = 9, 10, 11, 12
SNAPSHOT, SNAPSHOTS = 13, 14
RENDER, FRAME = 15, 16
COMPUTE_REWARDS, REWARDS = 17, 18
CLOSE, CLOSED = 19, 20
PING, PONG = 21, 22
ACT, ACTIONS = 23, 24
ANNOTATE, ANNOTATED = 25, 26
ERROR = 31


def field(body: Sequence[Any], position: int, default: Any = None) -> Any:
    """A field of a message; the default where an older server does not send it."""
    value = body[position] if position < len(body) else None
    return default if value is None else value


@dataclass(frozen=True)
class Welcome:
    """What the server said at the beginning."""

    protocol: int
    server_version: str
    #: ``environments``, ``policy``, ``shared-memory``, ``record``, ``render``.
    capabilities: Tuple[str, ...]
    #: Largest frame that the server takes, bytes.
    max_frame_bytes: int
    max_environments: int
    max_batches: int

    @staticmethod
    def of(body: Sequence[Any]) -> Welcome:
        return Welcome(int(body[0]), str(body[2]), tuple(body[3]), int(body[4]), int(body[5]), int(body[6]))


@dataclass(frozen=True)
class EnvironmentInfo:
    """A row of the server's list."""

    id: str
    #: Names under which other libraries know the task.
    aliases: Tuple[str, ...]
    summary: str
    #: ``lanes`` or ``scalar``.
    kind: str

    @staticmethod
    def of(body: Sequence[Any]) -> EnvironmentInfo:
        return EnvironmentInfo(str(body[0]), tuple(field(body, 1, ())), str(field(body, 2, "")), str(field(body, 3, "")))


@dataclass(frozen=True)
class Spec:
    """What an environment is under its settings."""

    id: str
    #: Raised whenever the same seed and actions would give another trajectory.
    version: int
    summary: str
    #: ``lanes`` or ``scalar``.
    kind: str
    #: All groups of the task, the ``privileged`` one too.
    observation_space: Any
    action_space: Any
    #: Steps after which an episode is truncated; 0 for no limit.
    time_limit: int
    #: Seconds between two actions.
    control_period: float
    #: Least and greatest reward of a step.
    reward_range: Tuple[float, float]
    #: Names of the terms whose sum is the reward.
    reward_terms: Tuple[str, ...]
    #: Whether the task says when an episode succeeded.
    has_success: bool
    #: Mean return from which the task counts as solved.
    solved_at: Optional[float]
    settings: Mapping[str, Any]
    #: Names of the numbers of each group, where they have any.
    labels: Mapping[str, Tuple[str, ...]]
    #: Names of what a step tells beside the observation, each a key of the infos.
    info_labels: Tuple[str, ...] = ()
    #: Of those that are categories, such as a task's phase: what the numbers 0, 1, … are called.
    info_names: Mapping[str, Tuple[str, ...]] = dataclasses.field(default_factory=dict)

    @staticmethod
    def of(body: Sequence[Any]) -> Spec:
        observation = body[4]
        groups = observation[7] if observation[0] == "dict" else [("observation", observation)]
        return Spec(
            id=str(body[0]),
            version=int(body[1]),
            summary=str(body[2]),
            kind=str(body[3]),
            observation_space=spaces.of_message(observation),
            action_space=spaces.of_message(body[5]),
            time_limit=int(body[6]),
            control_period=float(body[7]),
            reward_range=(float(body[8]), float(body[9])),
            reward_terms=tuple(body[10]),
            has_success=bool(body[11]),
            solved_at=field(body, 12),
            settings=json.loads(field(body, 13) or "{}"),
            labels={str(name): tuple(field(space, 5, ())) for name, space in groups},
            info_labels=tuple(field(field(body, 14, ()), 5, ())),
            info_names={str(label): tuple(names) for label, names in field(body, 15, {}).items()},
        )


@dataclass(frozen=True)
class Field:
    """An array in a block."""

    name: str
    dtype: np.dtype[Any]
    shape: Tuple[int, ...]
    offset: int
    bytes: int

    @staticmethod
    def of(body: Sequence[Any]) -> Field:
        if body[1] not in _TYPES:
            raise ValueError(f"field {body[0]!r} holds {body[1]!r}; known are {', '.join(_TYPES)}")
        made = Field(str(body[0]), _TYPES[body[1]], tuple(int(extent) for extent in body[2]), int(body[3]), int(body[4]))
        numbers = 1
        for extent in made.shape:
            numbers *= extent
        if min((0, *made.shape)) < 0 or made.offset < 0 or numbers * made.dtype.itemsize != made.bytes:
            raise ValueError(f"field {made.name!r} of shape {list(made.shape)} does not fill {made.bytes} bytes at {made.offset}")
        return made

    def view(self, block: np.ndarray[Any, Any], offset: int) -> np.ndarray[Any, Any]:
        """The array at an offset of a block of bytes, without a copy."""
        return np.ndarray(self.shape, self.dtype, block, offset)

    def rows(self, block: np.ndarray[Any, Any], offset: int, count: int) -> np.ndarray[Any, Any]:
        """So many arrays of this shape, one after the other."""
        return np.ndarray((count, *self.shape), self.dtype, block, offset)


@dataclass(frozen=True)
class SharedMemory:
    """Where client and server may both put their numbers."""

    path: str
    slots: int
    slot_bytes: int
    result_offset: int


@dataclass(frozen=True)
class Made:
    """A batch and how its blocks are laid out."""

    batch: int
    spec: Spec
    count: int
    actions: Field
    fields: List[Field]
    ended: List[Field]
    shared: Optional[SharedMemory]
    snapshot_bytes: int
    snapshot_name: str
    #: Leading bytes of a snapshot that say all the next step depends on.
    state_bytes: int

    @staticmethod
    def of(body: Sequence[Any]) -> Made:
        shared = field(body, 6)
        return Made(
            batch=int(body[0]),
            spec=Spec.of(body[1]),
            count=int(body[2]),
            actions=Field.of(body[3]),
            fields=[Field.of(one) for one in body[4]],
            ended=[Field.of(one) for one in body[5]],
            shared=shared and SharedMemory(str(shared[0]), int(shared[1]), int(shared[2]), int(shared[3])),
            snapshot_bytes=int(field(body, 7, 0)),
            snapshot_name=str(field(body, 8, "")),
            state_bytes=int(field(body, 9, 0)),
        )


_TYPES: Dict[str, np.dtype[Any]] = {
    "float32": np.dtype(np.float32),
    "int32": np.dtype(np.int32),
    "uint8": np.dtype(np.uint8),
    "bool": np.dtype(np.bool_),
}
