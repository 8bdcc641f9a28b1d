"""Not gymnasium: spaces that remember what they were made of."""


class Space:
    def __init__(self, *made_of):
        self.made_of = made_of
        self.shape = made_of[2] if len(made_of) > 2 else ()


class Box(Space):
    pass


class Discrete(Space):
    @property
    def n(self):
        return self.made_of[0]


class MultiDiscrete(Space):
    pass


class Dict(Space):
    @property
    def spaces(self):
        return self.made_of[0]

    def __getitem__(self, name):
        return self.spaces[name]
