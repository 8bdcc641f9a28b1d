"""Settings and reset options as the wire carries them: names and texts."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

import numpy as np


def as_text(settings: Optional[Mapping[str, Any]]) -> Optional[Dict[str, str]]:
    """Numbers, texts, truths, lists of them and nested mappings as ``sim train --set`` would take them.

    :raises TypeError: a value is none of these.
    """
    if not settings:
        return None
    flat: Dict[str, str] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": text for inner, text in (as_text(value) or {}).items()})
        else:
            flat[str(name)] = _text(name, value)
    return flat


def _text(name: str, value: Any) -> str:
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return ",".join(_text(name, one) for one in value)
    raise TypeError(f"setting {name!r} is {value!r}; a setting is a number, a text, a truth or a list of these")
