"""Not gymnasium: registers and makes, in namespaces, as its registration does."""

import contextlib
import importlib
import os
from types import SimpleNamespace

registry = {}
current_namespace = None


@contextlib.contextmanager
def namespace(name):
    global current_namespace
    current_namespace = name
    yield
    current_namespace = None


def load_plugin():
    name, function = os.environ["PLUGIN"].split("=")
    with namespace(name):
        load(function)()


def register(id, entry_point, vector_entry_point=None, kwargs=None):
    full = id if current_namespace is None else f"{current_namespace}/{id}"
    registry[full] = SimpleNamespace(id=full, entry_point=entry_point, vector_entry_point=vector_entry_point, kwargs=kwargs or {})


def make(id, **kwargs):
    spec = registry[id]
    env = load(spec.entry_point)(**spec.kwargs, **kwargs)
    env.unwrapped.spec = spec
    return env


def make_vec(id, num_envs=1, **kwargs):
    spec = registry[id]
    envs = load(spec.vector_entry_point)(num_envs=num_envs, **spec.kwargs, **kwargs)
    envs.unwrapped.spec = spec
    return envs


def load(name):
    module, function = name.split(":")
    return getattr(importlib.import_module(module), function)
