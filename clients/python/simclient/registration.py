"""Ids for ``gymnasium.make("sim/<id>")`` and ``gymnasium.make_vec``."""

from __future__ import annotations

from typing import Iterable, Optional

#: What ``sim list`` shows. gymnasium asks for ids whenever it is imported, which is no moment to start a server.
#: A test compares this with the server's list; ``register_envs`` takes the list of any server.
IDS = (
    "acrobot",
    "cartpole",
    "falling-dot",
    "minatar-asterix",
    "minatar-breakout",
    "minatar-freeway",
    "minatar-seaquest",
    "minatar-space-invaders",
    "mountain-car",
    "mountain-car-continuous",
    "pendulum",
    "pixel-breakout",
    "pixel-pong",
    "quadrotor-gates",
    "quadrotor-hover",
    "quadrotor-track",
    "quadrotor-waypoints",
    "surgical-active-track",
    "surgical-bi-peg-board",
    "surgical-bi-peg-transfer",
    "surgical-ecm-reach",
    "surgical-gauze-retrieve",
    "surgical-match-board-ii",
    "surgical-mis-orient",
    "surgical-gym-ecm-reach",
    "surgical-gym-ecm-track",
    "surgical-gym-psm-reach",
    "surgical-gym-psm-track",
    "surgical-gym-star-reach",
    "surgical-gym-star-track",
    "surgical-needle-pick",
    "surgical-needle-reach",
    "surgical-needle-regrasp",
    "surgical-peg-transfer",
    "surgical-static-track",
)


def register(ids: Iterable[str] = IDS, prefix: str = "") -> None:
    """What gymnasium calls through the entry point, within the namespace ``sim``."""
    # The registration module, since gymnasium itself is half imported when it calls this.
    from gymnasium.envs.registration import register as register_one

    for id in ids:
        register_one(
            id=f"{prefix}{id}",
            entry_point="simclient.making:make",
            vector_entry_point="simclient.making:make_vec",
            kwargs={"id": id},
        )


def register_envs(address: Optional[str] = None, **connection: object) -> None:
    """Registers as ``sim/<id>`` whatever a server offers beyond the ids known: tasks of your own, for example.

    :param address: as in :func:`simclient.connect`, and so are the further arguments.
    """
    from gymnasium.envs.registration import registry

    from .making import connect

    with connect(address, **connection) as session:  # type: ignore[arg-type]
        register((one.id for one in session.list() if f"sim/{one.id}" not in registry), prefix="sim/")
