"""The front door: environments by their id, on a server given or on one of this process's own."""

from __future__ import annotations

import os
from typing import Any, Callable, Mapping, Optional, Tuple, TypeVar

from .addresses import Tls
from .env import SimEnv
from .gymnasium_bases import AutoresetMode
from .local_server import shared_server
from .session import Session
from .vector_env import SimVectorEnv


def connect(address: Optional[str] = None, *, token: Optional[str] = None, tls: Tls = None, timeout: float = 30) -> Session:
    """A conversation with a server.

    :param address: ``tcp://host:port`` or ``unix:///path``; a server of this process's own when left out.
    :param token: what the server asks for, where it asks.
    :param tls: ``True`` for the system's certificates, the path of a file of certificates, or an ``ssl.SSLContext``.
    :param timeout: seconds to wait for the server to answer the first time.
    :raises ConnectionLost: there is no server, or it does not speak to us.
    """
    return Session(address or shared_server().address, token, tls, timeout)


def make(
    id: str,
    *,
    settings: Optional[Mapping[str, Any]] = None,
    seed: Optional[int] = None,
    privileged: bool = False,
    reward_terms: bool = False,
    episode_statistics: bool = True,
    record: Optional[str] = None,
    source: str = "policy",
    copy: bool = True,
    shared_memory: bool = True,
    render_mode: Optional[str] = None,
    render_size: Tuple[int, int] = (480, 360),
    address: Optional[str] = None,
    token: Optional[str] = None,
    tls: Tls = None,
) -> SimEnv:
    """One environment. The options are those of :func:`make_vec`."""
    session, name = _session(address, token, tls, record)
    return _owned(
        session, SimEnv, id,
        settings=settings, seed=seed, privileged=privileged, reward_terms=reward_terms,
        episode_statistics=episode_statistics, record=name, source=source, copy=copy, shared_memory=shared_memory,
        render_mode=render_mode, render_size=render_size,
    )


def make_vec(
    id: str,
    num_envs: int = 1,
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
    address: Optional[str] = None,
    token: Optional[str] = None,
    tls: Tls = None,
) -> SimVectorEnv:
    """A batch of environments.

    :param id: such as ``quadrotor-hover``; ``sim list`` shows all. Names of other libraries, such as ``CartPole-v1``,
        are taken too.
    :param num_envs: environments in the batch.
    :param settings: name → value; ``sim info <id>`` shows names, defaults and ranges.
    :param seed: of lane 0 until ``reset`` gives another; lane k has seed + k. Drawn by the system when left out.
    :param autoreset: ``same_step``, ``next_step`` or ``disabled``, or gymnasium's ``AutoresetMode``.
    :param privileged: put what only a critic may see into ``infos["privileged"]``, where the task has it.
    :param reward_terms: put the named terms of the reward into ``infos["reward_terms"]``.
    :param episode_statistics: put ``episode`` into the infos when one ends; gymnasium's ``RecordEpisodeStatistics``
        wants it to be off.
    :param threads: that the server steps the batch with; 0 leaves it to the server.
    :param record: new file to record to, ending in ``.simdemo``: a path, or with ``address`` a name in the server's folder.
    :param source: who chooses the actions that are recorded: ``policy``, ``human``, ``script`` or ``both``.
    :param copy: give out copies, which are yours to keep, in place of views that later steps overwrite.
    :param slots: results that can lie ready, and steps that can be under way, 1 … 8.
    :param shared_memory: use memory shared with the server, where it is on this host.
    :param render_mode: ``rgb_array``, where the server can draw.
    :param render_size: width and height of a picture.
    :param address: of a server; one of this process's own when left out. ``token`` and ``tls`` as in :func:`connect`.
    :raises SimError: the server refused; its code and sentence say why.
    """
    session, name = _session(address, token, tls, record)
    return _owned(
        session, SimVectorEnv, id, num_envs,
        settings=settings, seed=seed, autoreset=autoreset, privileged=privileged, reward_terms=reward_terms,
        episode_statistics=episode_statistics, threads=threads, record=name, source=source, copy=copy, slots=slots,
        shared_memory=shared_memory, render_mode=render_mode, render_size=render_size,
    )


def _session(
    address: Optional[str], token: Optional[str], tls: Tls, record: Optional[str]
) -> Tuple[Session, Optional[str]]:
    """A session for one environment, and what its server calls the recording."""
    if address is not None or record is None:
        return connect(address, token=token, tls=tls), record
    folder, name = os.path.split(os.path.abspath(record))
    return Session(shared_server(folder).address), name


E = TypeVar("E")


def _owned(session: Session, make: Callable[..., E], *arguments: Any, **options: Any) -> E:
    try:
        return make(session, *arguments, owns_session=True, **options)
    except BaseException:
        session.close()
        raise
