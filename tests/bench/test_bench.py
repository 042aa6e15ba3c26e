#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The benchmark runs, and says of each figure what it is."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "live"))

# pylint: disable=wrong-import-position
import live


async def test_bench(test):
    if live.is_instrumented():
        test.skip("the benchmark", "the programs are instrumented")
        return
    program = os.path.join(live.SOURCE, "tests", "bench", "bench.py")
    ran = await test.run("/usr/bin/python3", program, "--quick", "--tls", "--server", "prosody", "--folder",
                         test.folder, limit=500)
    test.ok(ran.status == 0, "it runs to its end", ran)
    for number in ("P1 ", "P2 ", "P3 ", "P3b", "P4 ", "P7 ", "P8 ", "P9 "):
        test.finds(r"(?m)^  %s +\S.* \d+\.\d\d (x|ms|B|KiB|s) " % number, ran.out,
                   "figure %s is there" % number.strip())
    with open(os.path.join(test.folder, "bench.txt"), encoding="utf-8") as file:
        test.ok(file.read().strip() in ran.out, "the same is in bench.txt")


live.main(test_bench, limit=600)
