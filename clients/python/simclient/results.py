"""What a step shows, as arrays that lie in one block of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from .messages import Field

Array = np.ndarray[Any, Any]

_ALIGNMENT = 64

#: What the length of a block can say.
_MOST_BYTES = (1 << 32) - 1


@dataclass
class Ended:
    """The k episodes that ended in a step, a row each."""

    #: Environments whose episode ended: int32 ``[k]``, ascending.
    lanes: Array
    #: float32 ``[k]``.
    returns: Array
    #: int32 ``[k]``.
    lengths: Array
    #: Last observation of each group, ``[k, …]``.
    final: Dict[str, Array]
    #: Sum of each reward term over the episode, float32 ``[k]``, where they were asked for.
    reward_terms: Dict[str, Array]
    #: Info outputs at the end of the episode, float32 ``[k, outputs]``, where the task has any.
    info: Optional[Array]


@dataclass
class Result:
    """What a reset, a step or a restore shows."""

    #: Every field by its name in the protocol, ``[N, …]``.
    fields: Dict[str, Array]
    ended: Optional[Ended]


class ResultLayout:
    """Where the fields lie: for every environment at fixed offsets, behind them rows for the episodes that ended."""

    def __init__(self, count: int, fields: List[Field], ended: List[Field]) -> None:
        names = {field.name for field in fields} | {field.name for field in ended}
        for needed in ("observation", "reward", "terminated", "truncated", "lane", "episode_return", "episode_length"):
            if needed not in names:
                raise ValueError(f"a batch without the field {needed!r}")
        for field in fields:
            if field.shape[:1] != (count,):
                raise ValueError(f"field {field.name!r} has shape {list(field.shape)} for {count} environments")
        self.count = count
        self.fields = fields
        self._ended = ended
        self._end = max(field.offset + field.bytes for field in fields)
        #: Room for a result, however many episodes ended.
        self.capacity = self.bytes(count)
        if self.capacity > _MOST_BYTES:
            raise ValueError(f"a result may have {self.capacity} bytes; a block has at most {_MOST_BYTES}")

    def bytes(self, ended: int) -> int:
        """Least length of a result in which so many episodes ended."""
        end = self._end
        if ended:
            for field in self._ended:
                end = _align(end) + ended * field.bytes
        return end

    def check_count(self, ended: Any) -> int:
        """The number of ended episodes, where it can be one."""
        if not isinstance(ended, int) or not 0 <= ended <= self.count:
            raise ValueError(f"{ended!r} episodes ended in {self.count} environments")
        return ended

    def check_length(self, ended: int, length: int) -> None:
        """Checks that the number of ended episodes and the block's length agree."""
        least = self.bytes(ended)
        if not least <= length < least + _ALIGNMENT:
            raise ValueError(f"a result with {ended} ended episodes has {least} bytes, not {length}")

    def views(self, block: Array) -> Dict[str, Array]:
        """The fields for every environment, without a copy."""
        return {field.name: field.view(block, field.offset) for field in self.fields}

    def ended(self, block: Array, count: int) -> Optional[Ended]:
        """The rows of the ended episodes, without a copy.

        :raises ValueError: a row names no environment.
        """
        if not count:
            return None
        rows: Dict[str, Array] = {}
        end = self._end
        for field in self._ended:
            start = _align(end)
            rows[field.name] = field.rows(block, start, count)
            end = start + count * field.bytes
        lanes = rows["lane"]
        # As unsigned numbers, negative ones are large too.
        if lanes.view(np.uint32).max() >= self.count:
            raise ValueError(f"an episode ended in environment {lanes.max()} or {lanes.min()} of {self.count}")
        return Ended(
            lanes,
            rows["episode_return"],
            rows["episode_length"],
            _group(rows, "final/"),
            _group(rows, "episode_reward/"),
            rows.get("final_info"),
        )


def _group(rows: Dict[str, Array], prefix: str) -> Dict[str, Array]:
    return {name[len(prefix):]: array for name, array in rows.items() if name.startswith(prefix)}


def groups_of(fields: Sequence[Field]) -> List[str]:
    """Names of the observation groups among the fields."""
    others = ("reward", "terminated", "truncated", "faulted", "is_success", "info")
    return [field.name for field in fields if field.name not in others and "/" not in field.name]


def _align(offset: int) -> int:
    return (offset + _ALIGNMENT - 1) & ~(_ALIGNMENT - 1)
