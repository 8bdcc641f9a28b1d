import unittest

import numpy as np

from simclient.settings import as_text


class SettingsTest(unittest.TestCase):
    def test_values_become_what_the_shell_would_take(self) -> None:
        given = {"low": -0.1, "steps": 500, "fast": True, "kind": "swing-up", "hidden": (64, 32), "mass": np.float32(0.5), "vehicle": {"arm": {"length": 0.04}}}
        self.assertEqual(
            as_text(given),
            {"low": "-0.1", "steps": "500", "fast": "true", "kind": "swing-up", "hidden": "64,32", "mass": "0.5", "vehicle.arm.length": "0.04"},
        )

    def test_no_settings_are_nothing(self) -> None:
        self.assertIsNone(as_text(None))
        self.assertIsNone(as_text({}))

    def test_a_value_of_another_kind_is_named(self) -> None:
        with self.assertRaisesRegex(TypeError, "setting 'mass' is None"):
            as_text({"mass": None})
