"""Spaces: gymnasium's where it is installed, the same few in small where it is not."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, Dict as DictOf, Iterator, Mapping, Optional, Sequence, Tuple

import numpy as np

try:
    from gymnasium import spaces as _gymnasium
except ImportError:
    _gymnasium = None

#: A server's box beyond this would be no observation but an attack.
_MAX_NUMBERS = 1 << 24

Array = np.ndarray[Any, Any]


class Space:
    """What ``sample`` may give and ``contains`` accepts; words and meanings are gymnasium's."""

    def __init__(self, shape: Optional[Sequence[int]], dtype: Any) -> None:
        self.shape: Optional[Tuple[int, ...]] = None if shape is None else tuple(shape)
        self.dtype: Optional[np.dtype[Any]] = None if dtype is None else np.dtype(dtype)
        self._random: Optional[np.random.Generator] = None

    @property
    def np_random(self) -> np.random.Generator:
        if self._random is None:
            self._random = np.random.default_rng()
        return self._random

    def seed(self, seed: Optional[int] = None) -> Any:
        self._random = np.random.default_rng(seed)
        return seed

    def sample(self) -> Any:
        raise NotImplementedError

    def contains(self, x: Any) -> bool:
        raise NotImplementedError

    def __contains__(self, x: Any) -> bool:
        return self.contains(x)


class Box(Space):
    """Numbers between limits, which may be infinite."""

    def __init__(self, low: Any, high: Any, shape: Optional[Sequence[int]] = None, dtype: Any = np.float32) -> None:
        if shape is None:
            shape = np.broadcast(np.asarray(low), np.asarray(high)).shape
        super().__init__(shape, dtype)
        self.low: Array = np.broadcast_to(np.asarray(low, dtype=dtype), shape)
        self.high: Array = np.broadcast_to(np.asarray(high, dtype=dtype), shape)
        if not np.all(self.low <= self.high):
            raise ValueError(f"a box needs low <= high everywhere, got {low} and {high}")

    def sample(self) -> Array:
        random = self.np_random
        if self.dtype is not None and self.dtype.kind in "iu":
            return random.integers(self.low, self.high, self.shape, dtype=self.dtype, endpoint=True)
        below, above = np.isfinite(self.low), np.isfinite(self.high)
        drawn: Array = np.asarray(random.standard_normal(self.shape))
        bounded = below & above
        drawn[bounded] = random.uniform(self.low[bounded], self.high[bounded])
        drawn[below & ~above] = self.low[below & ~above] + random.exponential(size=int(np.sum(below & ~above)))
        drawn[above & ~below] = self.high[above & ~below] - random.exponential(size=int(np.sum(above & ~below)))
        # Rounding to float32 must not step over a limit.
        return np.clip(drawn.astype(self.dtype), self.low, self.high)

    def contains(self, x: Any) -> bool:
        values = np.asarray(x)
        return bool(
            self.dtype is not None
            and np.can_cast(values.dtype, self.dtype)
            and values.shape == self.shape
            and np.all(values >= self.low)
            and np.all(values <= self.high)
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Box)
            and self.shape == other.shape
            and self.dtype == other.dtype
            and np.array_equal(self.low, other.low)
            and np.array_equal(self.high, other.high)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        low, high = (values.min() if values.size else 0 for values in (self.low, -self.high))
        return f"Box({low}, {-high}, {self.shape}, {self.dtype})"


class Discrete(Space):
    """One choice out of 0 … n − 1."""

    def __init__(self, n: int) -> None:
        if n < 1:
            raise ValueError(f"a discrete space has at least one choice, not {n}")
        super().__init__((), np.int64)
        self.n = int(n)
        self.start = 0

    def sample(self) -> np.int64:
        return np.int64(self.np_random.integers(self.n))

    def contains(self, x: Any) -> bool:
        value = np.asarray(x)
        return bool(value.dtype.kind in "iu" and value.shape == () and 0 <= value < self.n)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Discrete) and self.n == other.n

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Discrete({self.n})"


class MultiDiscrete(Space):
    """Several choices, each out of its own number of options."""

    def __init__(self, nvec: Any) -> None:
        self.nvec: Array = np.array(nvec, dtype=np.int64)
        if self.nvec.size == 0 or np.any(self.nvec < 1):
            raise ValueError(f"every choice has at least one option, got {nvec}")
        super().__init__(self.nvec.shape, np.int64)

    def sample(self) -> Array:
        return self.np_random.integers(self.nvec, dtype=np.int64)

    def contains(self, x: Any) -> bool:
        values = np.asarray(x)
        return bool(
            values.dtype.kind in "iu" and values.shape == self.shape and np.all(values >= 0) and np.all(values < self.nvec)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MultiDiscrete) and np.array_equal(self.nvec, other.nvec)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"MultiDiscrete({self.nvec})"


class Dict(Space):
    """Named spaces, in their order."""

    def __init__(self, spaces: Mapping[str, Space]) -> None:
        super().__init__(None, None)
        self.spaces: DictOf[str, Space] = dict(spaces)

    def seed(self, seed: Optional[int] = None) -> DictOf[str, Any]:
        draws = np.random.SeedSequence(seed).generate_state(len(self.spaces))
        return {name: space.seed(int(draw)) for (name, space), draw in zip(self.spaces.items(), draws)}

    def sample(self) -> DictOf[str, Any]:
        return {name: space.sample() for name, space in self.spaces.items()}

    def contains(self, x: Any) -> bool:
        return isinstance(x, Mapping) and x.keys() == self.spaces.keys() and all(
            space.contains(x[name]) for name, space in self.spaces.items()
        )

    def __getitem__(self, name: str) -> Space:
        return self.spaces[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.spaces)

    def __len__(self) -> int:
        return len(self.spaces)

    def keys(self) -> Any:
        return self.spaces.keys()

    def items(self) -> Any:
        return self.spaces.items()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dict) and self.spaces == other.spaces

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Dict({', '.join(f'{name!r}: {space}' for name, space in self.spaces.items())})"


def of_message(message: Sequence[Any]) -> Any:
    """The space of a message: gymnasium's where it is installed.

    :raises ValueError: the fields make no space.
    """
    kinds: Any = _gymnasium or _OWN
    kind = message[0]
    if kind == "discrete":
        return kinds.Discrete(int(message[6][0]))
    if kind == "multi_discrete":
        return kinds.MultiDiscrete([int(count) for count in message[6]])
    if kind == "dict":
        return kinds.Dict({str(name): entry for name, entry in _entries(message[7])})
    if kind != "box" or message[1] not in ("float32", "uint8"):
        raise ValueError(f"{kind!r} of {message[1]!r} is no space; known are box, discrete, multi_discrete and dict")
    shape = tuple(int(extent) for extent in message[2])
    if min((0, *shape)) < 0 or math.prod(shape) > _MAX_NUMBERS:
        raise ValueError(f"a box of shape {list(shape)} is not taken; at most {_MAX_NUMBERS} numbers are")
    dtype = np.dtype(message[1])
    return kinds.Box(_limits(message[3], shape, dtype), _limits(message[4], shape, dtype), shape, dtype.type)


def _entries(entries: Sequence[Any]) -> Iterator[Tuple[str, Any]]:
    numbers = 0
    for name, entry in entries:
        if entry[0] != "box":
            raise ValueError(f"entry {name!r} of a dict is a {entry[0]!r}; it has to be a box")
        numbers += math.prod(entry[2])
        if numbers > _MAX_NUMBERS:
            raise ValueError(f"a dict of more than {_MAX_NUMBERS} numbers is not taken")
        yield name, of_message(entry)


def batched(space: Any, count: int) -> Any:
    """The space of ``count`` environments side by side."""
    if _gymnasium is not None:
        from gymnasium.vector.utils import batch_space

        return batch_space(space, count)
    if isinstance(space, Discrete):
        return MultiDiscrete(np.full(count, space.n))
    if isinstance(space, MultiDiscrete):
        return Box(0, space.nvec - 1, (count, *space.nvec.shape), np.int64)
    if isinstance(space, Dict):
        return Dict({name: batched(entry, count) for name, entry in space.spaces.items()})
    return Box(space.low, space.high, (count, *space.shape), space.dtype)


def _limits(values: Sequence[float], shape: Tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    limits = np.asarray(values, dtype=dtype)
    return np.broadcast_to(limits.reshape(shape) if limits.size != 1 else limits.reshape(()), shape).copy()


_OWN = SimpleNamespace(Box=Box, Discrete=Discrete, MultiDiscrete=MultiDiscrete, Dict=Dict)
