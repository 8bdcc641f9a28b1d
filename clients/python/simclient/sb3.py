"""A batch as Stable-Baselines3 takes it: its ``VecEnv``, which is not gymnasium's ``VectorEnv``."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Type, Union

import numpy as np

from .gymnasium_bases import AutoresetMode
from .results import Array, Ended
from .vector_env import Observations, SimVectorEnv

try:
    from stable_baselines3.common.vec_env import VecEnv as _VecEnv
except ImportError:

    class _VecEnv:  # type: ignore[no-redef]
        """Stands in for ``stable_baselines3.common.vec_env.VecEnv``."""

        def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
            self.num_envs = num_envs
            self.observation_space = observation_space
            self.action_space = action_space
            self._seeds: List[Optional[int]] = [None] * num_envs
            self._options: List[Dict[str, Any]] = [{} for _ in range(num_envs)]

        def step(self, actions: Array) -> Any:
            self.step_async(actions)  # type: ignore[attr-defined]
            return self.step_wait()  # type: ignore[attr-defined]

        def seed(self, seed: Optional[int] = None) -> Sequence[Optional[int]]:
            self._seeds = [None if seed is None else seed + lane for lane in range(self.num_envs)]
            return self._seeds

        def set_options(self, options: Any = None) -> None:
            self._options = options if isinstance(options, list) else [dict(options or {}) for _ in range(self.num_envs)]


VecEnvBase: Any = _VecEnv
Indices = Union[None, int, Iterable[int]]


class SimVecEnv(VecEnvBase):
    """Wraps a batch that was made with ``autoreset="same_step"``: ``SimVecEnv(simclient.make_vec("cartpole", 16))``."""

    def __init__(self, envs: SimVectorEnv) -> None:
        if envs.metadata["autoreset_mode"] is not AutoresetMode.SAME_STEP:
            raise ValueError(f"autoreset is {envs.metadata['autoreset_mode']}; Stable-Baselines3 wants same_step")
        self.envs = envs
        self._seeds: List[Optional[int]]
        self._options: List[Dict[str, Any]]
        super().__init__(envs.num_envs, envs.single_observation_space, envs.single_action_space)

    def reset(self) -> Observations:
        options = self._options[0]
        if any(other != options for other in self._options):
            raise ValueError("options differ from environment to environment; a batch takes one set for all")
        seeds = [seed for seed in self._seeds if seed is not None]
        observations, _ = self.envs.reset(seed=seeds or None, options=options)
        self._seeds = [None] * self.num_envs
        self._options = [{} for _ in range(self.num_envs)]
        self.reset_infos: List[Dict[str, Any]] = [{} for _ in range(self.num_envs)]
        return observations

    def step_async(self, actions: Array) -> None:
        self.envs.step_async(actions)

    def step_wait(self) -> Tuple[Observations, Array, Array, List[Dict[str, Any]]]:
        observations, rewards, terminated, truncated, batch_infos = self.envs.step_wait()
        infos: List[Dict[str, Any]] = [{} for _ in range(self.num_envs)]
        ended = self.envs.ended
        if ended is not None:
            self._describe_ends(ended, truncated & ~terminated, batch_infos, infos)
        return observations, rewards, terminated | truncated, infos

    def close(self) -> None:
        self.envs.close()

    def get_attr(self, attr_name: str, indices: Indices = None) -> List[Any]:
        return [getattr(self.envs, attr_name) for _ in self._lanes(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Indices = None) -> None:
        setattr(self.envs, attr_name, value)

    def env_method(self, method_name: str, *method_args: Any, indices: Indices = None, **method_kwargs: Any) -> List[Any]:
        method = getattr(self.envs, method_name)
        return [method(*method_args, **method_kwargs) for _ in self._lanes(indices)]

    def env_is_wrapped(self, wrapper_class: Type[Any], indices: Indices = None) -> List[bool]:
        return [False for _ in self._lanes(indices)]

    def get_images(self) -> Sequence[Optional[Array]]:
        return self.envs.render() or [None] * self.num_envs

    def _describe_ends(
        self, ended: Ended, timed_out: Array, batch_infos: Dict[str, Any], infos: List[Dict[str, Any]]
    ) -> None:
        """What SB3 reads of an ended episode: ``terminal_observation``, ``TimeLimit.truncated``, ``episode``, ``is_success``."""
        final_observations = batch_infos["final_obs"]
        success, episodes = batch_infos.get("is_success"), batch_infos.get("episode")
        for row, lane in enumerate(ended.lanes.tolist()):
            info = infos[lane]
            info["terminal_observation"] = final_observations[lane]
            info["TimeLimit.truncated"] = bool(timed_out[lane])
            if episodes is not None:
                info["episode"] = {
                    "r": float(ended.returns[row]), "l": int(ended.lengths[row]), "t": float(episodes["t"][lane]),
                }
            for label in self.envs.description.info_labels:
                info[label] = batch_infos["final_info"][label][lane].item()
            if success is not None:
                info["is_success"] = bool(success[lane])

    def _lanes(self, indices: Indices) -> Iterable[int]:
        if indices is None:
            return range(self.num_envs)
        return [indices] if isinstance(indices, int) else indices
