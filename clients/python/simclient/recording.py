"""What a person did beside the actions, for an environment that is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence


@dataclass(frozen=True)
class Event:
    """Raw input of a device, before any mapping to actions; it counts for the step that comes next."""

    lane: int
    device: str
    #: Clock of the device, milliseconds.
    milliseconds: float
    #: ``axis``, ``button``, ``key``, ``mouse``, ``clutch``, ``jaw``, ``mark`` or ``note``.
    kind: str
    #: As the device gave them.
    values: Sequence[float] = ()
    #: Of a note, or name of a key.
    text: Optional[str] = None
    #: Number of the axis, button or key of the first value; those of the next follow it.
    code: int = 0

    def as_message(self) -> List[Any]:
        values = [float(value) for value in self.values]
        return [self.lane, self.device, float(self.milliseconds), self.kind, values, self.text, self.code]


@dataclass(frozen=True)
class Label:
    """A judgement on the episode that a lane is in, or that has just ended there."""

    lane: int = 0
    success: Optional[bool] = None
    #: 0 to 5.
    quality: Optional[int] = None
    notes: Optional[str] = None
    #: Do not keep the episode.
    discard: bool = False

    def as_message(self) -> List[Any]:
        return [self.lane, self.success, self.quality, self.notes, self.discard]
