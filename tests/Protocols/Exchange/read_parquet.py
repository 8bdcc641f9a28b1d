"""Describes a LeRobot data set as pandas and pyarrow see it: one JSON object on stdout."""

import json
import os
import sys

import pandas as pd
import pyarrow.parquet as pq

root = sys.argv[1]
tasks = pd.read_parquet(os.path.join(root, "meta", "tasks.parquet"))
episodes = pq.read_table(os.path.join(root, "meta", "episodes", "chunk-000", "file-000.parquet"))
frames = pq.read_table(os.path.join(root, "data", "chunk-000", "file-000.parquet"))
print(json.dumps({
    "tasks": tasks.index.tolist(),
    "lengths": episodes["length"].to_pylist(),
    "actions": [number for row in frames["action"].to_pylist() for number in row],
}))
