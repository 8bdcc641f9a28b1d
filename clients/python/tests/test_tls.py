import os
import shutil
import ssl
import subprocess
import tempfile
import unittest

import numpy as np

import simclient

from .real_server import RealServerTest


@unittest.skipIf(shutil.which("openssl") is None, "openssl, which makes the certificate, is not installed")
class TlsTest(RealServerTest):
    certificate: str
    tls_server: simclient.Server

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.certificate, key = (os.path.join(folder.name, name) for name in ("server.pem", "server.key"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cls.certificate],
            check=True, stderr=subprocess.DEVNULL,
        )
        cls.tls_server = simclient.serve(address="tcp://localhost:0", arguments=["--tls-cert", cls.certificate, "--tls-key", key])
        cls.addClassCleanup(cls.tls_server.close)

    def test_the_same_bits_come_through_tls(self) -> None:
        shown = []
        for options in ({"address": self.server.address}, {"address": self.tls_server.address, "tls": self.certificate, "shared_memory": False}):
            with simclient.make_vec("quadrotor-hover", 500, **options) as envs:  # type: ignore[arg-type]
                envs.reset(seed=1)
                for _ in range(5):
                    observations = envs.step(np.zeros((500, 4)))[0]
                shown.append(observations)
        np.testing.assert_array_equal(*shown)

    def test_a_certificate_that_nobody_vouches_for_is_not_trusted(self) -> None:
        with self.assertRaisesRegex(simclient.ConnectionLost, "certificate"):
            simclient.connect(self.tls_server.address, tls=True)

    def test_a_context_of_ones_own_is_taken(self) -> None:
        context = ssl.create_default_context(cafile=self.certificate)
        with simclient.connect(self.tls_server.address, tls=context) as session:
            self.assertGreater(session.ping(), 0)

    def test_plain_words_to_a_tls_server_end_in_an_error(self) -> None:
        with self.assertRaises(simclient.ConnectionLost):
            simclient.connect(self.tls_server.address, timeout=2)
