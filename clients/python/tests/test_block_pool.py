import unittest

import numpy as np

from simclient.block_pool import _COUNTS_REFERENCES, BlockPool


class BlockPoolTest(unittest.TestCase):
    def test_blocks_in_use_are_never_given_out_again(self) -> None:
        pool = BlockPool(64)
        held = [pool.take(64) for _ in range(20)]
        for number, block in enumerate(held):
            block[:] = number
        self.assertEqual([int(block[0]) for block in held], list(range(20)))

    def test_any_array_that_lies_in_a_block_keeps_it(self) -> None:
        pool = BlockPool(64)
        numbers = np.ndarray((4,), np.float32, pool.take(64), 16)
        last = numbers[3:]
        numbers[:] = 5
        del numbers
        for _ in range(20):
            pool.take(64)[:] = 0
        self.assertEqual(last[0], 5)

    @unittest.skipUnless(_COUNTS_REFERENCES, "this Python does not count references")
    def test_a_block_that_nobody_holds_is_given_out_again(self) -> None:
        pool = BlockPool(64)
        first = pool.take(64)
        address = first.ctypes.data
        del first
        self.assertEqual(pool.take(32).ctypes.data, address)
