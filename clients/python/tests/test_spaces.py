import unittest

import numpy as np

from simclient import spaces


@unittest.skipIf(spaces._gymnasium is not None, "gymnasium is installed, and its own spaces are used")
class SpacesTest(unittest.TestCase):
    def test_what_a_space_samples_it_contains(self) -> None:
        box = ["box", "float32", [3], [-1.0, float("-inf"), 0.0], [1.0, float("inf"), float("inf")], []]
        for message in (
            box,
            ["box", "uint8", [4, 4], [0.0], [255.0], []],
            ["discrete", "int32", [], None, None, None, [3]],
            ["multi_discrete", "int32", [2], None, None, None, [3, 5]],
            ["dict", None, None, None, None, None, None, [["observation", box], ["desired_goal", box]]],
        ):
            space = spaces.of_message(message)
            for wanted in (space, spaces.batched(space, 4)):
                wanted.seed(1)
                for _ in range(50):
                    self.assertIn(wanted.sample(), wanted)

    def test_the_same_seed_samples_the_same(self) -> None:
        space = spaces.Dict({"a": spaces.Box(-1, 1, (3,)), "b": spaces.Discrete(5)})
        drawn = []
        for _ in range(2):
            space.seed(7)
            drawn.append([space.sample() for _ in range(5)])
        for first, second in zip(*drawn):
            np.testing.assert_array_equal(first["a"], second["a"])
            self.assertEqual(first["b"], second["b"])

    def test_a_space_contains_nothing_of_another_shape_type_or_range(self) -> None:
        box = spaces.Box(-1, 1, (2,))
        for wrong in (np.zeros(3, np.float32), np.array([0, 2], np.float32), np.array([0, np.nan], np.float32), "text"):
            self.assertNotIn(wrong, box)
        choice = spaces.Discrete(3)
        for wrong in (3, -1, 0.5, np.array([1])):
            self.assertNotIn(wrong, choice)
        self.assertNotIn({"a": 1}, spaces.Dict({"b": choice}))

    def test_limits_that_are_all_alike_travel_as_one_number(self) -> None:
        space = spaces.of_message(["box", "float32", [2, 3], [-2.0], [2.0], []])
        self.assertEqual(space, spaces.Box(np.full((2, 3), -2), np.full((2, 3), 2)))

    def test_a_choice_is_batched_as_several_and_several_as_a_box(self) -> None:
        self.assertEqual(spaces.batched(spaces.Discrete(3), 2), spaces.MultiDiscrete([3, 3]))
        several = spaces.batched(spaces.MultiDiscrete([3, 5]), 2)
        self.assertEqual((several.shape, several.dtype), ((2, 2), np.dtype(np.int64)))
        np.testing.assert_array_equal(several.high, [[2, 4], [2, 4]])

    def test_messages_that_are_no_space_are_refused(self) -> None:
        for message in (
            ["torus", "float32", [3], [0], [1]],
            ["box", "float64", [3], [0], [1]],
            ["box", "float32", [1 << 20, 1 << 20], [0], [1]],
            ["box", "float32", [-1], [0], [1]],
            ["box", "float32", [3], [0, 0], [1, 1]],
            ["discrete", "int32", [], None, None, None, [0]],
            ["dict", None, None, None, None, None, None, [["a", ["discrete", "int32", [], None, None, None, [2]]]]],
            ["dict", None, None, None, None, None, None, [[str(i), ["box", "float32", [1 << 22], [0], [1]]] for i in range(5)]],
        ):
            with self.assertRaises(ValueError, msg=str(message)):
                spaces.of_message(message)
