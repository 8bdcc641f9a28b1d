"""The ring of buffers that a batch's actions leave in and its results arrive in."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

import numpy as np

from .block_pool import BlockPool
from .messages import Made, SharedMemory
from .results import Array, Result, ResultLayout
from .session import no_block
from .shared_memory import open_shared

MAX_SLOTS = 8

#: A server may pad a result to the next multiple of 64.
_PADDING = 64


class Slots:
    """As many buffers as there are slots, in memory shared with the server where it can be had.

    With ``copy`` every result is read into memory of its own. Without, it is a view of the buffer it arrived in, which
    the next result of the same slot overwrites.
    """

    def __init__(self, made: Made, layout: ResultLayout, wanted: int, copy: bool) -> None:
        self._layout = layout
        self._copy = copy
        memory = None if made.shared is None else _map(made, made.shared, layout)
        self.shares_memory = memory is not None
        self.count = wanted
        if memory is not None and made.shared is not None:
            self.count, size, result = made.shared.slots, made.shared.slot_bytes, made.shared.result_offset
            starts = range(0, self.count * size, size)
            #: Where the actions of each slot are put: the slot itself, or what is sent.
            self.actions: List[Array] = [made.actions.view(memory, start) for start in starts]
            self._blocks: List[Array] = [memory[start + result:start + result + layout.capacity] for start in starts]
        else:
            # What is sent is gone when the call returns, so that one buffer does for all. Pages that are never written
            # cost nothing, so that there is room for every episode to end.
            self.actions = [np.empty(made.actions.shape, made.actions.dtype)] * self.count
            self._blocks = [np.empty(layout.capacity + _PADDING, np.uint8) for _ in range(self.count)]
        self._views: List[Dict[str, Array]] = [layout.views(block) for block in self._blocks]
        self._pool = BlockPool(layout.capacity + _PADDING)

    def on_the_wire(self, slot: int) -> int:
        """What the protocol calls the slot: −1 where numbers go through the socket."""
        return slot if self.shares_memory else -1

    def room(self, slot: int) -> Callable[[int], Array]:
        """Gives the bytes that the block of a result goes to."""
        if self.shares_memory:
            return no_block

        def room(length: int) -> Array:
            if length > self._layout.capacity + _PADDING:
                raise ValueError(f"its block has {length} bytes; a result has at most {self._layout.capacity}")
            return self._pool.take(length) if self._copy else self._blocks[slot][:length]

        return room

    def read(self, slot: int, ended: Any, sent: Optional[Array]) -> Result:
        """The result that has arrived in a slot, or in the block that was sent for it.

        :raises ValueError: its parts do not agree.
        """
        count = self._layout.check_count(ended)
        block = self._blocks[slot]
        if self.shares_memory:
            if self._copy:
                length = self._layout.bytes(count)
                own = self._pool.take(length)
                own[:] = block[:length]
                block = own
        elif sent is None:
            raise ValueError("it is a result without its block")
        else:
            self._layout.check_length(count, sent.size)
            if self._copy:
                block = sent
        fields = self._layout.views(block) if self._copy else self._views[slot]
        return Result(fields, self._layout.ended(block, count))


def _map(made: Made, shared: SharedMemory, layout: ResultLayout) -> Optional[Array]:
    """The shared memory, where it can be had and holds what the layout says."""
    if not 1 <= shared.slots <= MAX_SLOTS or not made.actions.bytes <= shared.result_offset:
        return None
    if shared.result_offset + layout.capacity > shared.slot_bytes:
        return None
    return open_shared(shared.path, shared.slots * shared.slot_bytes)
