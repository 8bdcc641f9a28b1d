"""A batch of environments as ``gymnasium.vector.VectorEnv``."""

from __future__ import annotations

import secrets
import time
from functools import cached_property
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np

from . import spaces
from .batch import Batch
from .gymnasium_bases import AutoresetMode, VectorEnvBase, autoreset_of
from .messages import Spec
from .recording import Event, Label
from .results import Array, Ended, Result, groups_of
from .session import Session
from .snapshots import Snapshots

#: An array, or for a goal task a dict of arrays.
Observations = Union[Array, Dict[str, Array]]

#: Large enough never to draw the same twice, small enough that seed + k of no batch is out of range.
_SEED_BITS = 62


class SimVectorEnv(VectorEnvBase):
    """``num_envs`` copies of one task, stepped together. Made by :func:`simclient.make_vec`, which says what the options do.

    With ``copy=False`` what ``step`` and ``reset`` return is a view of memory that the server writes: it stays valid
    while ``slots - 1`` further results are made, and is overwritten by the one after.
    """

    def __init__(
        self,
        session: Session,
        id: str,
        num_envs: int,
        *,
        settings: Optional[Mapping[str, Any]] = None,
        seed: Optional[int] = None,
        autoreset: Any = AutoresetMode.SAME_STEP,
        privileged: bool = False,
        reward_terms: bool = False,
        episode_statistics: bool = True,
        threads: int = 0,
        record: Optional[str] = None,
        source: str = "policy",
        copy: bool = True,
        slots: int = 2,
        shared_memory: bool = True,
        render_mode: Optional[str] = None,
        render_size: Tuple[int, int] = (480, 360),
        owns_session: bool = False,
    ) -> None:
        self.closed = True
        self.session = session
        self._owns_session = owns_session
        self._mode = autoreset_of(autoreset)
        self.metadata = {
            "autoreset_mode": self._mode,
            "render_modes": ["rgb_array"] if "render" in session.welcome.capabilities else [],
        }
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode is {render_mode!r}; this server offers {self.metadata['render_modes']}")
        self.render_mode = render_mode
        self.render_size = render_size
        #: Seed of lane 0; lane k has seed + k. Drawn by the system where none was given.
        self.seed = secrets.randbits(_SEED_BITS) if seed is None else seed
        self._batch = Batch(
            session, id, num_envs,
            settings=settings, seed=self.seed, autoreset=self._mode.name.lower(), privileged=privileged,
            reward_terms=reward_terms, threads=threads, slots=slots, shared_memory=shared_memory, record=record,
            source=source, copy=copy,
        )
        self.closed = False
        self.num_envs = self._batch.count
        #: What the task is under its settings.
        self.description: Spec = self._batch.made.spec
        groups = groups_of(self._batch.made.fields)
        self._groups = [group for group in groups if group != "privileged"]
        self._has_privileged = "privileged" in groups
        self._terms = {f"reward/{term}": term for term in self.description.reward_terms} if reward_terms else {}
        outputs = next((field.shape[-1] for field in self._batch.made.fields if field.name == "info"), 0)
        #: Columns of the info outputs, by name; what later servers add without a name is left alone.
        self._outputs = dict(zip(self.description.info_labels, range(outputs)))
        self._statistics = episode_statistics
        self._started = np.full(self.num_envs, time.perf_counter())
        self._everywhere = np.ones(self.num_envs, np.bool_)
        self._everywhere.flags.writeable = False
        self._nowhere = np.full(self.num_envs, None, dtype=object)
        #: Episodes that ended in the last step, a row each; ``None`` where there were none.
        self.ended: Optional[Ended] = None

    @cached_property
    def single_observation_space(self) -> Any:
        space = self.description.observation_space
        if not hasattr(space, "spaces"):
            return space
        if self._groups == ["observation"]:
            return space["observation"]
        return type(space)({group: space[group] for group in self._groups})

    @cached_property
    def single_action_space(self) -> Any:
        return self.description.action_space

    @cached_property
    def observation_space(self) -> Any:
        return spaces.batched(self.single_observation_space, self.num_envs)

    @cached_property
    def action_space(self) -> Any:
        return spaces.batched(self.single_action_space, self.num_envs)

    @property
    def shares_memory(self) -> bool:
        """Whether observations and actions go through memory that the server maps too."""
        return self._batch.slots.shares_memory

    def reset(
        self, *, seed: Union[int, Sequence[int], None] = None, options: Optional[Mapping[str, Any]] = None
    ) -> Tuple[Observations, Dict[str, Any]]:
        """Begins new episodes.

        :param seed: of lane 0, lane k gets seed + k; or one for every lane. Left out, the next episodes of the seeds
            there are begin.
        :param options: settings that hold for this reset alone. Besides, ``reset_mask``: bool ``[num_envs]``, the
            environments to reset, while the others stay as they are; and with a seed for every lane ``episodes``:
            uint32 ``[num_envs]``, which of the seed's episodes to begin in place of the first.
        """
        settings = dict(options or {})
        mask, episodes = settings.pop("reset_mask", None), settings.pop("episodes", None)
        several = seed is not None and np.ndim(seed) == 1
        result = self._batch.reset(
            None if several else seed, seed if several else None, settings, mask, episodes  # type: ignore[arg-type]
        )
        self._started[self._everywhere if mask is None else mask] = time.perf_counter()
        self.ended = None
        return self._observations(result.fields), self._infos(result)

    def step(self, actions: Any) -> Tuple[Observations, Array, Array, Array, Dict[str, Any]]:
        """Observations, rewards, terminations, truncations and infos, after actions ``[num_envs, …]``."""
        return self._shown(self._batch.step(actions))

    def step_async(self, actions: Any) -> None:
        """Sends actions and returns at once. As many steps as there are slots may be under way."""
        self._batch.step_async(actions)

    def step_wait(self) -> Tuple[Observations, Array, Array, Array, Dict[str, Any]]:
        """What the oldest step under way shows."""
        return self._shown(self._batch.step_wait())

    def compute_reward(self, achieved_goal: Any, desired_goal: Any, info: Any = None) -> Any:
        """Reward of goals, ``[size]`` or ``[rows, size]``, in a goal task."""
        achieved, desired = np.asarray(achieved_goal, np.float32), np.asarray(desired_goal, np.float32)
        if achieved.shape != desired.shape or achieved.ndim not in (1, 2):
            raise ValueError(f"goals have shapes {list(achieved.shape)} and {list(desired.shape)}; give [size] or [rows, size] twice")
        rewards = self._batch.compute_rewards(np.atleast_2d(achieved), np.atleast_2d(desired))
        return rewards if achieved.ndim == 2 else float(rewards[0])

    def snapshot(self, lanes: Optional[Sequence[int]] = None) -> Snapshots:
        """The states of environments, of all where there is no list."""
        return self._batch.snapshot(lanes)

    def restore(self, snapshots: Snapshots, lanes: Optional[Sequence[int]] = None) -> Tuple[Observations, Dict[str, Any]]:
        """Puts environments where snapshots were taken; they go on bit for bit."""
        result = self._batch.restore(snapshots, lanes)
        self.ended = None
        return self._observations(result.fields), self._infos(result)

    def annotate(self, events: Sequence[Event] = (), label: Optional[Label] = None) -> None:
        """Puts a person's input and judgement into the recording."""
        self._batch.annotate([event.as_message() for event in events], None if label is None else label.as_message())

    def render(self, lanes: Optional[Sequence[int]] = None) -> Optional[Tuple[Array, ...]]:
        """Pictures, uint8 ``[height, width, 3]``, of the environments named, of all where there is no list."""
        if self.render_mode is None:
            return None
        width, height = self.render_size
        return tuple(self._batch.render(lane, width, height) for lane in (range(self.num_envs) if lanes is None else lanes))

    def close(self, **_: Any) -> None:
        """Ends the environments; a recording is whole when this returns."""
        if self.closed:
            return
        self.closed = True
        self._batch.close()
        if self._owns_session:
            self.session.close()

    def __enter__(self) -> SimVectorEnv:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __del__(self) -> None:
        # Without waiting for an answer: a destructor may run anywhere.
        if not getattr(self, "closed", True) and self._owns_session:
            self.closed = True
            self.session.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.description.id}, num_envs={self.num_envs})"

    def _shown(self, result: Result) -> Tuple[Observations, Array, Array, Array, Dict[str, Any]]:
        fields = result.fields
        self.ended = result.ended
        return self._observations(fields), fields["reward"], fields["terminated"], fields["truncated"], self._infos(result)

    def _observations(self, fields: Mapping[str, Array]) -> Observations:
        if len(self._groups) == 1:
            return fields["observation"]
        return {group: fields[group] for group in self._groups}

    def _infos(self, result: Result) -> Dict[str, Any]:
        infos = self._facts(result.fields)
        ended = result.ended
        if ended is None:
            return infos
        mask = np.zeros(self.num_envs, np.bool_)
        mask[ended.lanes] = True
        final = dict(infos)
        if self._statistics:
            infos["episode"] = final["episode"] = self._episodes(ended, mask)
            infos["_episode"] = final["_episode"] = mask
        if self._mode is AutoresetMode.SAME_STEP:
            if self._has_privileged:
                final["privileged"] = self._spread(ended.final["privileged"], ended.lanes)
                final["_privileged"] = mask
            if ended.info is not None:
                for label, rows in self._info_outputs(ended.info).items():
                    final[label], final[f"_{label}"] = self._spread(rows, ended.lanes), mask
            infos["final_obs"], infos["_final_obs"] = self._final_observations(ended), mask
            infos["final_info"], infos["_final_info"] = final, mask
        return infos

    def _facts(self, fields: Mapping[str, Array]) -> Dict[str, Any]:
        """What is known of every environment after every step."""
        infos: Dict[str, Any] = {}
        if self.description.has_success:
            infos["is_success"], infos["_is_success"] = fields["is_success"], self._everywhere
        if "faulted" in fields:
            infos["faulted"], infos["_faulted"] = fields["faulted"], self._everywhere
        if self._has_privileged:
            infos["privileged"], infos["_privileged"] = fields["privileged"], self._everywhere
        if self._outputs:
            for label, values in self._info_outputs(fields["info"]).items():
                infos[label], infos[f"_{label}"] = values, self._everywhere
        if self._terms:
            terms: Dict[str, Array] = {}
            for name, term in self._terms.items():
                terms[term], terms[f"_{term}"] = fields[name], self._everywhere
            infos["reward_terms"], infos["_reward_terms"] = terms, self._everywhere
        return infos

    def _info_outputs(self, rows: Array) -> Dict[str, Array]:
        """A column for each info output; whole numbers where they stand for names."""
        names = self.description.info_names
        return {
            label: rows[:, column].astype(np.int64) if label in names else rows[:, column]
            for label, column in self._outputs.items()
        }

    def _episodes(self, ended: Ended, mask: Array) -> Dict[str, Any]:
        """Return, length and seconds of the episodes that ended, as ``RecordEpisodeStatistics`` shows them."""
        now = time.perf_counter()
        seconds = now - self._started[ended.lanes]
        self._started[ended.lanes] = now
        shown: Dict[str, Any] = {}
        for name, rows in (("r", ended.returns), ("l", ended.lengths), ("t", seconds)):
            shown[name], shown[f"_{name}"] = self._spread(rows, ended.lanes), mask
        if ended.reward_terms:
            terms: Dict[str, Any] = {}
            for term, rows in ended.reward_terms.items():
                terms[term], terms[f"_{term}"] = self._spread(rows, ended.lanes), mask
            shown["reward_terms"], shown["_reward_terms"] = terms, mask
        return shown

    def _spread(self, rows: Array, lanes: Array) -> Array:
        """Rows of ended episodes as rows of all environments, zero elsewhere."""
        spread = np.zeros((self.num_envs, *rows.shape[1:]), rows.dtype)
        spread[lanes] = rows
        return spread

    def _final_observations(self, ended: Ended) -> Array:
        final = self._nowhere.copy()
        if len(self._groups) == 1:
            for lane, row in zip(ended.lanes.tolist(), ended.final["observation"]):
                final[lane] = row
            return final
        groups: List[Tuple[str, Array]] = [(group, ended.final[group]) for group in self._groups]
        for row, lane in enumerate(ended.lanes.tolist()):
            final[lane] = {group: rows[row] for group, rows in groups}
        return final
