"""The real server that tests talk to, one for all of them."""

from __future__ import annotations

import unittest

import simclient


class RealServerTest(unittest.TestCase):
    """Skips, and says why, where no ``sim`` can be started."""

    server: simclient.Server

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        try:
            simclient.find_command()
        except simclient.ConnectionLost as error:
            raise unittest.SkipTest(str(error))
        cls.server = simclient.serve()
        cls.addClassCleanup(cls.server.close)
