"""One batch of environments on a server, and what it can be asked for."""

from __future__ import annotations

import functools
import struct
from collections import deque
from typing import Any, Callable, Deque, Mapping, Optional, Sequence, Tuple, TypeVar, Union, cast

import msgpack
import numpy as np

from . import messages
from .errors import ConnectionLost, SimError
from .frames import PREFIX, frame_head
from .messages import Made
from .results import Array, Result, ResultLayout
from .session import Call, Session, block_of
from .settings import as_text
from .slots import MAX_SLOTS, Slots
from .snapshots import Snapshots

_REQUEST = struct.Struct(">I")
_LARGEST_SEED = (1 << 64) - 1
_LARGEST_EPISODE = (1 << 32) - 1
_EPISODE = np.dtype([("seed", "<u8"), ("number", "<u4"), ("padding", "<u4")])

M = TypeVar("M", bound=Callable[..., Any])


def _wholly(method: M) -> M:
    """Where Ctrl-C breaks in between two parts of a method, nobody could tell whose the next result is: the session ends."""

    @functools.wraps(method)
    def guarded(batch: Batch, *arguments: Any) -> Any:
        try:
            return method(batch, *arguments)
        except (KeyboardInterrupt, SystemExit):
            batch.session.abandon("a request was interrupted, and its result is lost; make or connect anew")
            raise

    return cast(M, guarded)


class Batch:
    """N environments: their requests, one after the other, and steps several at a time."""

    def __init__(
        self,
        session: Session,
        id: str,
        count: int,
        *,
        settings: Optional[Mapping[str, Any]],
        seed: int,
        autoreset: str,
        privileged: bool,
        reward_terms: bool,
        threads: int,
        slots: int,
        shared_memory: bool,
        record: Optional[str],
        source: str,
        copy: bool,
    ) -> None:
        if not 1 <= count < 1 << 31:
            raise ValueError(f"num_envs is {count}; a batch has at least 1 environment")
        if not 1 <= slots <= MAX_SLOTS:
            raise ValueError(f"slots is {slots}; it has to lie in 1 … {MAX_SLOTS}")
        self.session = session
        wanted = [
            id, count, as_text(settings), check_seed(seed), autoreset, privileged, reward_terms, threads,
            slots if shared_memory else 0, record, source, True,
        ]
        answer, _ = session.request(messages.MAKE, wanted, messages.MADE)
        self.made: Made = session.parse(Made.of, answer)
        self.count = self.made.count
        self._open = True
        self.slots = session.parse(lambda _: self._make_slots(count, slots, copy), answer)
        self._rooms = [self.slots.room(slot) for slot in range(self.slots.count)]
        self._heads = [self._step_head(slot) for slot in range(self.slots.count)]
        self._pending: Deque[Tuple[int, Call]] = deque()
        self._slot = 0

    def _make_slots(self, asked: int, wanted: int, copy: bool) -> Slots:
        if self.count != asked:
            raise ValueError(f"{self.count} environments were made where {asked} were asked for")
        return Slots(self.made, ResultLayout(self.count, self.made.fields, self.made.ended), wanted, copy)

    @_wholly
    def step_async(self, actions: Any) -> None:
        """Sends actions ``[N, …]``. As many steps as there are slots may be under way.

        :raises ValueError: their shape is wrong, or a choice is out of range.
        """
        if len(self._pending) == self.slots.count:
            raise RuntimeError(f"{self.slots.count} steps are under way, as many as there are slots: call step_wait first")
        slot = self._slot
        target = self.slots.actions[slot]
        self._put_actions(actions, target)
        call = Call(messages.RESULT, self._rooms[slot])
        call.request = self.session.next_request()
        head, at = self._heads[slot]
        _REQUEST.pack_into(head, at, call.request)
        self.session.send(call, head, None if self.slots.shares_memory else target.data.cast("B"))
        self._pending.append((slot, call))
        self._slot = (slot + 1) % self.slots.count

    @_wholly
    def step_wait(self) -> Result:
        """What the oldest step under way shows."""
        if not self._pending:
            raise RuntimeError("no step is under way: call step_async first")
        slot, call = self._pending.popleft()
        return self._result(slot, call)

    @_wholly
    def step(self, actions: Any) -> Result:
        self.step_async(actions)
        return self.step_wait()

    def reset(
        self,
        seed: Optional[int] = None,
        seeds: Optional[Sequence[int]] = None,
        options: Optional[Mapping[str, Any]] = None,
        mask: Optional[Array] = None,
        episodes: Optional[Sequence[int]] = None,
    ) -> Result:
        """Begins new episodes, where the mask is true: those of a seed for lane 0, or of a seed for each lane and,
        where they are given, with these numbers; otherwise the next of the seeds there are."""
        if episodes is not None and seeds is None:
            raise ValueError("numbers of episodes were given without a seed for every environment")
        block = bytearray()
        if mask is not None:
            masked = np.asarray(mask)
            if masked.dtype != np.bool_ or masked.shape != (self.count,):
                raise ValueError(f"the reset mask is {masked.dtype} of shape {list(masked.shape)}; it has to be bool of shape [{self.count}]")
            block += masked.tobytes()
        for name, values, largest, dtype in (("seed", seeds, _LARGEST_SEED, "<u8"), ("episode", episodes, _LARGEST_EPISODE, "<u4")):
            if values is None:
                continue
            if len(values) != self.count:
                raise ValueError(f"{len(values)} {name}s were given for {self.count} environments")
            block += bytes(_next_multiple(len(block)) - len(block))
            block += np.array([_whole(name, value, largest) for value in values], dtype=dtype).tobytes()
        body = [
            self.made.batch, None if seed is None else check_seed(seed), as_text(options), mask is not None, seeds is not None,
        ]
        return self._result_of(messages.RESET, body, block, [episodes is not None])

    def snapshot(self, lanes: Optional[Sequence[int]] = None) -> Snapshots:
        """The states of lanes, of all when there is no list."""
        self._drop_steps()
        chosen = None if lanes is None else self._check_lanes(lanes)
        count, size = self.count if chosen is None else len(chosen), self.made.snapshot_bytes
        if count == 0:
            raise ValueError("no lanes are named: leave the list out for all of them")
        episodes_at = _next_multiple(count * size)
        body, block = self.session.request(
            messages.SNAPSHOT, [self.made.batch], messages.SNAPSHOTS, chosen,
            block_of(episodes_at + count * _EPISODE.itemsize),
        )
        name = self.session.parse(lambda fields: str(fields[1]), body)
        if block is None:
            raise ConnectionLost("the server sent snapshots without their bytes")
        episodes = block[episodes_at:].view(_EPISODE)
        data = block[:count * size].reshape(count, size)
        return Snapshots(name, data, self.made.state_bytes, episodes["seed"], episodes["number"])

    def restore(self, snapshots: Snapshots, lanes: Optional[Sequence[int]] = None) -> Result:
        """Puts lanes where snapshots were taken."""
        chosen = np.arange(self.count, dtype=np.int32) if lanes is None else self._check_lanes(lanes)
        rows = np.ascontiguousarray(snapshots.data, dtype=np.uint8)
        if rows.shape != (len(chosen), self.made.snapshot_bytes):
            raise ValueError(
                f"snapshots of shape {list(rows.shape)} were given for {len(chosen)} lanes of {self.made.snapshot_bytes} bytes"
            )
        named = chosen.astype("<i4").tobytes()
        block = named + bytes(_next_multiple(len(named)) - len(named)) + rows.tobytes()
        return self._result_of(messages.RESTORE, [self.made.batch, snapshots.name, len(chosen)], block)

    def render(self, lane: int, width: int, height: int) -> Array:
        """A picture, uint8 ``[height, width, 3]``."""
        self._drop_steps()
        body = [self.made.batch, int(self._check_lanes([lane])[0]), width, height]
        _, block = self.session.request(messages.RENDER, body, messages.FRAME, None, block_of(width * height * 3))
        if block is None:
            raise ConnectionLost("the server sent a picture without its pixels")
        return block.reshape(height, width, 3)

    def compute_rewards(self, achieved: Array, desired: Array) -> Array:
        """Rewards, float32 ``[rows]``, of goals ``[rows, size]``."""
        self._drop_steps()
        rows = len(achieved)
        if rows == 0:
            return np.zeros(0, np.float32)
        goals = np.concatenate([np.ravel(achieved), np.ravel(desired)]).astype(np.float32)
        _, block = self.session.request(
            messages.COMPUTE_REWARDS, [self.made.batch, rows], messages.REWARDS, goals, block_of(4 * rows)
        )
        if block is None:
            raise ConnectionLost(f"the server sent no rewards for {rows} goals")
        return block.view(np.float32)

    def annotate(self, events: Sequence[Sequence[Any]], label: Optional[Sequence[Any]]) -> None:
        """What a person did beside the actions, for the recording."""
        self._drop_steps()
        self.session.request(messages.ANNOTATE, [self.made.batch, events, label], messages.ANNOTATED)

    def close(self) -> None:
        """Ends the batch; a recording is whole when this returns."""
        if not self._open:
            return
        self._open = False
        if self.session.closed:
            return
        try:
            self._drop_steps()
            self.session.request(messages.CLOSE, [self.made.batch], messages.CLOSED)
        except ConnectionLost:
            # The end of the connection closes every batch.
            pass

    @_wholly
    def _result_of(self, type: int, body: Sequence[Any], block: Union[bytes, bytearray], last: Sequence[Any] = ()) -> Result:
        """Sends a request whose answer is a result: the body, the slot for the result, and the last fields."""
        self._drop_steps()
        slot = self._slot
        self._slot = (slot + 1) % self.slots.count
        call = Call(messages.RESULT, self._rooms[slot])
        call.request = self.session.next_request()
        header = msgpack.packb([type, call.request, [*body, self.slots.on_the_wire(slot), *last]])
        self.session.send(call, frame_head(header, len(block)), memoryview(block) if block else None)
        return self._result(slot, call)

    def _result(self, slot: int, call: Call) -> Result:
        body, block = self.session.finish(call)
        return self.session.parse(lambda fields: self._read(slot, fields, block), body)

    def _read(self, slot: int, body: Sequence[Any], sent: Optional[Array]) -> Result:
        batch, ended, answered = body[:3]
        wanted = self.slots.on_the_wire(slot)
        if batch != self.made.batch or answered != wanted:
            raise ValueError(f"it is a result of batch {batch} in slot {answered}, not of {self.made.batch} in {wanted}")
        return self.slots.read(slot, ended, sent)

    def _put_actions(self, actions: Any, target: Array) -> None:
        given = np.asarray(actions)
        if given.shape != target.shape:
            raise ValueError(f"actions have shape {list(given.shape)}; {self.made.spec.id} takes {list(target.shape)}")
        if target.dtype == np.int32:
            self._check_choices(given)
            np.copyto(target, given, casting="unsafe")
        else:
            np.copyto(target, given, casting="same_kind")

    def _check_choices(self, given: Array) -> None:
        if given.dtype.kind not in "iu":
            raise TypeError(f"actions are {given.dtype}; {self.made.spec.id} takes whole numbers")
        # As unsigned numbers, negative ones are large too.
        wrong = given.astype(np.int64, copy=False).view(np.uint64) >= self._counts
        if wrong.any():
            raise ValueError(f"an action is {given[wrong].flat[0]}; {self.made.spec.id} takes choices of {self.made.spec.action_space}")

    @property
    def _counts(self) -> Any:
        space = self.made.spec.action_space
        return space.n if hasattr(space, "n") else space.nvec

    def _drop_steps(self) -> None:
        """Lets the steps under way finish, and forgets what they show or why they were refused."""
        while self._pending:
            try:
                self.step_wait()
            except ConnectionLost:
                raise
            except SimError:
                pass

    def _check_lanes(self, lanes: Sequence[int]) -> Array:
        chosen = np.asarray(lanes)
        if chosen.ndim != 1 or chosen.dtype.kind not in "iu" or np.any((chosen < 0) | (chosen >= self.count)):
            raise ValueError(f"lanes are {lanes}; they have to be whole numbers in 0 … {self.count - 1}")
        return chosen.astype(np.int32)

    def _step_head(self, slot: int) -> Tuple[bytearray, int]:
        """A step's frame up to its block, and where in it the request's number goes."""
        begin = b"\x93" + msgpack.packb(messages.STEP) + b"\xce"
        header = begin + bytes(_REQUEST.size) + msgpack.packb([self.made.batch, self.slots.on_the_wire(slot)])
        block_bytes = 0 if self.slots.shares_memory else self.made.actions.bytes
        return frame_head(header, block_bytes), PREFIX.size + len(begin)


def check_seed(seed: Any) -> int:
    """A seed as the wire takes it.

    :raises ValueError: it is no whole number in 0 … 2⁶⁴ − 1.
    """
    return _whole("seed", seed, _LARGEST_SEED)


def _whole(name: str, value: Any, largest: int) -> int:
    if not isinstance(value, (int, np.integer)) or not 0 <= value <= largest:
        raise ValueError(f"a {name} is {value!r}; it has to be a whole number in 0 … {largest}")
    return int(value)


def _next_multiple(length: int) -> int:
    """The next multiple of 8."""
    return (length + 7) & ~7
