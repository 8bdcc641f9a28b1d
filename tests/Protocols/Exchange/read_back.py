"""Describes an HDF5 file, or Minari's metadata.json, as h5py and Python's json see it: one JSON object on stdout."""

import hashlib
import json
import sys

import h5py
import numpy as np


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def describe_value(value):
    if isinstance(value, np.ndarray):
        return {"type": f"array of {value.dtype}", "value": value.tolist()}
    kind = type(value).__name__ if isinstance(value, (str, np.bool_)) else str(getattr(value, "dtype", type(value)))
    return {"type": kind, "value": value.item() if hasattr(value, "item") else value}


def describe_hdf5(path):
    # As robomimic opens its files; HDF5 refuses here what it would refuse there.
    file = h5py.File(path, "r", swmr=True, libver="latest")
    tree = {}

    def visit(name, thing):
        entry = {"attrs": {key: describe_value(value) for key, value in thing.attrs.items()}}
        if isinstance(thing, h5py.Dataset):
            data = thing[()]
            entry.update(dtype=str(thing.dtype), shape=list(thing.shape), compression=thing.compression)
            if thing.dtype == object:
                entry["value"] = [item.decode("utf-8") for item in data]
            else:
                entry["sha256"] = digest(data)
        tree[name] = entry

    visit("", file)
    file.visititems(visit)
    return tree


def describe_space(space):
    if space["type"] == "Dict":
        return {key: describe_space(value) for key, value in space["subspaces"].items()}
    if space["type"] != "Box":
        return space
    low, high = (np.array(space[limit], dtype=space["dtype"]) for limit in ("low", "high"))
    return {"dtype": str(low.dtype), "shape": list(low.shape), "declared": space["shape"], "low": digest(low), "high": digest(high)}


def describe_metadata(path):
    with open(path, encoding="utf-8") as file:
        metadata = json.load(file)
    metadata["observation_space"] = describe_space(json.loads(metadata["observation_space"]))
    metadata["action_space"] = describe_space(json.loads(metadata["action_space"]))
    if "env_spec" in metadata:
        metadata["env_spec"] = json.loads(metadata["env_spec"])
    return metadata


if __name__ == "__main__":
    kind, path = sys.argv[1:]
    print(json.dumps({"hdf5": describe_hdf5, "metadata": describe_metadata}[kind](path)))
