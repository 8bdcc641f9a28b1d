"""Writes data sets with the calls and in the layouts that Minari's and robomimic's own code uses, without either of them.

Episode e has e + 3 steps; the number at row i, column j of an array is e + i / 2 + j / 4 unless said otherwise.
"""

import json
import os
import sys

import h5py
import numpy as np


def numbers(episode, rows, columns, dtype):
    return (episode + np.arange(rows)[:, None] / 2 + np.arange(columns)[None, :] / 4).astype(dtype)


def resizable(group, name, data, **options):
    group.create_dataset(name, data=data, chunks=True, maxshape=(None, *data.shape[1:]), **options)


def write_metadata(folder, **metadata):
    with open(os.path.join(folder, "metadata.json"), "w", encoding="utf-8") as file:
        json.dump({"data_format": "hdf5", "minari_version": "0.5.3", **metadata}, file)


def minari_cartpole(path):
    folder = os.path.join(path, "data")
    os.makedirs(folder)
    box = {"type": "Box", "dtype": "float32", "shape": [4],
           "low": [-4.800000190734863, float("-inf"), -0.41887903213500977, float("-inf")],
           "high": [4.800000190734863, float("inf"), 0.41887903213500977, float("inf")]}
    spec = {"id": "CartPole-v1", "entry_point": "gymnasium.envs.classic_control.cartpole:CartPoleEnv", "reward_threshold": 475.0,
            "nondeterministic": False, "max_episode_steps": 500, "order_enforce": True, "disable_env_checker": False,
            "kwargs": {}, "additional_wrappers": [], "vector_entry_point": None}
    write_metadata(folder, dataset_id="cartpole/test-v0", total_episodes=12, total_steps=102, jpeg_encoding=True,
                   observation_space=json.dumps(box), action_space=json.dumps({"type": "Discrete", "dtype": "int64", "start": 0, "n": 2}),
                   env_spec=json.dumps(spec), author=["nobody"])
    with h5py.File(os.path.join(folder, "main_data.hdf5"), "a", track_order=True) as file:
        for e in range(12):
            steps = e + 3
            group = file.create_group(f"episode_{e}")
            group.attrs["id"] = e
            group.attrs["seed"] = 100 + e
            group.attrs["options/low"] = -0.25
            group.attrs["total_steps"] = steps
            resizable(group, "observations", numbers(e, steps + 1, 4, np.float32))
            resizable(group, "actions", np.arange(steps) % 2)
            resizable(group, "rewards", np.ones(steps))
            resizable(group, "terminations", np.arange(steps) == steps - 1)
            resizable(group, "truncations", np.zeros(steps, dtype=bool))
            group.create_group("infos")


def minari_goal(path):
    folder = os.path.join(path, "data")
    os.makedirs(folder)

    def box(size):
        return {"type": "Box", "dtype": "float64", "shape": [size], "low": [float("-inf")] * size, "high": [float("inf")] * size}

    space = {"type": "Dict", "subspaces": {
        "observation": box(5),
        "achieved_goal": {"type": "Dict", "subspaces": {"kettle": box(2), "microwave": box(1)}},
        "stage": {"type": "Discrete", "dtype": "int64", "start": 3, "n": 4},
    }}
    action = {"type": "Box", "dtype": "float32", "shape": [3], "low": [-1.0] * 3, "high": [1.0] * 3}
    write_metadata(folder, dataset_id="kitchen/test-v1", total_episodes=2, total_steps=7, jpeg_encoding=False,
                   observation_space=json.dumps(space), action_space=json.dumps(action))
    with h5py.File(os.path.join(folder, "main_data.hdf5"), "a", track_order=True) as file:
        for e in range(2):
            steps = e + 3
            group = file.create_group(f"episode_{e}")
            group.attrs["id"] = e
            group.attrs["total_steps"] = steps
            observations = group.create_group("observations")
            resizable(observations, "observation", numbers(e, steps + 1, 5, np.float64), compression="gzip", shuffle=True)
            goal = observations.create_group("achieved_goal")
            resizable(goal, "kettle", numbers(e, steps + 1, 2, np.float64))
            resizable(goal, "microwave", numbers(e, steps + 1, 1, np.float64), fletcher32=True)
            resizable(observations, "stage", 3 + np.arange(steps + 1) % 4)
            resizable(group, "actions", numbers(e, steps, 3, np.float32))
            resizable(group, "rewards", numbers(e, steps, 1, np.float64)[:, 0])
            resizable(group, "terminations", np.zeros(steps, dtype=bool))
            resizable(group, "truncations", np.arange(steps) == steps - 1)
            infos = group.create_group("infos")
            resizable(infos, "success", np.arange(steps + 1) >= steps)


def minari_jpeg(path):
    folder = os.path.join(path, "data")
    os.makedirs(folder)
    shape = [64, 64, 3]
    image = {"type": "Box", "dtype": "uint8", "shape": shape, "low": np.zeros(shape, int).tolist(), "high": np.full(shape, 255).tolist()}
    write_metadata(folder, dataset_id="pixels-v0", total_episodes=1, total_steps=1, observation_space=json.dumps(image),
                   action_space=json.dumps({"type": "Discrete", "dtype": "int64", "start": 0, "n": 3}))
    with h5py.File(os.path.join(folder, "main_data.hdf5"), "a") as file:
        group = file.create_group("episode_0")
        frames = [np.frombuffer(b"\xff\xd8\xff" + bytes(20 + i), dtype=np.uint8) for i in range(2)]
        group.create_dataset("observations", data=np.array(frames, dtype=object), dtype=h5py.vlen_dtype(np.uint8), chunks=True)
        group.create_dataset("actions", data=[1])
        group.create_dataset("rewards", data=[0.0])
        group.create_dataset("terminations", data=[True])
        group.create_dataset("truncations", data=[False])


def robomimic_lift(path):
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        data.attrs["total"] = 102
        data.attrs["env_args"] = json.dumps({"env_name": "Lift", "type": 1, "env_version": "1.4.1", "env_kwargs": {"robots": "Panda"}})
        for e in range(12):
            steps = e + 3
            demo = data.create_group(f"demo_{e}")
            demo.attrs["num_samples"] = steps
            demo.attrs["model_file"] = "<mujoco/>"
            demo.create_dataset("actions", data=np.clip(numbers(e, steps, 7, np.float64), -1, 1))
            demo.create_dataset("states", data=numbers(e, steps, 9, np.float64))
            demo.create_dataset("rewards", data=np.zeros(steps))
            demo.create_dataset("dones", data=(np.arange(steps) >= steps - 2).astype(np.int64))
            for name, first in (("obs", 0), ("next_obs", 1)):
                rows = numbers(e, steps + 1, 3, np.float64)[first:first + steps]
                demo.create_dataset(f"{name}/robot0_eef_pos", data=rows, compression="gzip")
                images = (np.arange(steps + 1)[:, None, None, None] + np.zeros((1, 8, 8, 3))).astype(np.uint8)[first:first + steps]
                demo.create_dataset(f"{name}/agentview_image", data=images, compression="gzip")
        names = np.array([f"demo_{e}" for e in range(12)], dtype="S")
        file.create_dataset("mask/train", data=names[:10])
        file.create_dataset("mask/valid", data=names[10:])


def big_endian(path):
    minari_cartpole(path)
    with h5py.File(os.path.join(path, "data", "main_data.hdf5"), "a") as file:
        del file["episode_0/rewards"]
        file["episode_0"].create_dataset("rewards", data=np.ones(3, dtype=">f4"))


def goes_on(path):
    minari_cartpole(path)
    with h5py.File(os.path.join(path, "data", "main_data.hdf5"), "a") as file:
        file["episode_0/truncations"][1] = True


if __name__ == "__main__":
    kind, path = sys.argv[1:]
    globals()[kind](path)
