"""Sim's batched environments in Python.

    import simclient

    with simclient.make_vec("quadrotor-hover", 4096) as envs:
        observations, infos = envs.reset(seed=1)
        observations, rewards, terminated, truncated, infos = envs.step(envs.action_space.sample())
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, List

from .version import VERSION as __version__

if TYPE_CHECKING:
    from . import spaces as spaces
    from .env import SimEnv as SimEnv
    from .errors import ConnectionLost as ConnectionLost, SimError as SimError
    from .gymnasium_bases import AutoresetMode as AutoresetMode
    from .local_server import Server as Server, find_command as find_command, serve as serve
    from .making import connect as connect, make as make, make_vec as make_vec
    from .messages import EnvironmentInfo as EnvironmentInfo, Spec as Spec
    from .policy import Policy as Policy
    from .recording import Event as Event, Label as Label
    from .registration import register_envs as register_envs
    from .results import Ended as Ended
    from .session import Session as Session
    from .snapshots import Snapshots as Snapshots
    from .vector_env import SimVectorEnv as SimVectorEnv

# gymnasium imports this package while it is itself half imported, to register the ids. What derives from gymnasium's
# classes is therefore imported at first use.
_HOMES = {
    "AutoresetMode": "gymnasium_bases",
    "ConnectionLost": "errors",
    "Ended": "results",
    "EnvironmentInfo": "messages",
    "Event": "recording",
    "Label": "recording",
    "Policy": "policy",
    "Server": "local_server",
    "Session": "session",
    "SimEnv": "env",
    "SimError": "errors",
    "SimVectorEnv": "vector_env",
    "Snapshots": "snapshots",
    "Spec": "messages",
    "connect": "making",
    "find_command": "local_server",
    "make": "making",
    "make_vec": "making",
    "register_envs": "registration",
    "serve": "local_server",
    "spaces": "spaces",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f".{_HOMES[name]}", __name__)
    return home if name == _HOMES[name] else getattr(home, name)


def __dir__() -> List[str]:
    return sorted(__all__)
