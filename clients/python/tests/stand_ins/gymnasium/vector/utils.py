"""Not gymnasium: a batched space that says so."""


def batch_space(space, n):
    return ("batched", n, space)
