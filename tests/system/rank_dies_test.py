"""kill -9 of any rank: the job ends soon, with a code and a line that says who died where and when, and its log reads well."""

import os
import re
import signal
import time

import system_test
from system_test import GLYPHS, numpy, read_tables, run, settings

SECONDS = 10  # until the job has to be over
STEPS_PER_EPOCH = 157  # of glyphs.toml: 20,000 samples in batches of 128
OBITUARY = r"rank {rank} on \S+ .*died in epoch (\d+), step (\d+)"


class RankDiesTest(system_test.SystemTest):
    def kill_rank(self, rank, of):
        """Kills one rank of a running job; the job, ended, and the log's tables."""
        job = self.start(GLYPHS, *settings(training__epochs=100000, training__shards=of), ranks=of, name=f"{rank}-of-{of}")
        job.wait_for_rows()
        ranks = read_tables(job.run_log)["ranks/info"]
        os.kill(int(ranks["pid"][rank]), signal.SIGKILL)
        killed = time.monotonic()
        code = job.process.wait(timeout=60)
        seconds = time.monotonic() - killed
        told = re.search(OBITUARY.format(rank=rank), job.error_text())
        print(f"rank {rank} of {of}: over after {seconds:.2f} s with code {code}: {told and told[0]}")
        self.assertLess(seconds, SECONDS)
        self.assertNotEqual(code, 0)
        self.assertTrue(told, f"nothing says that rank {rank} died:\n{job.error_text()}")
        self.assert_log_is_whole(job, *map(int, told.groups()))

    def assert_log_is_whole(self, job, epoch, step):
        """The rank died in that epoch (from 1) and step: the log cannot be ahead of it."""
        run("inspect", job.run_log)
        tables = read_tables(job.run_log)
        batches = tables["train_batches"]
        steps = numpy.arange(len(batches))
        numpy.testing.assert_array_equal(batches["step"], steps)
        numpy.testing.assert_array_equal(batches["batch"], steps % STEPS_PER_EPOCH)
        self.assertFalse(batches.isna().any(axis=None))
        self.assertGreaterEqual(epoch, len(tables["epochs"]))
        self.assertGreaterEqual(step + 1, len(batches))

    def test_any_rank_of_two(self):
        for rank in range(2):
            with self.subTest(rank=rank):
                self.kill_rank(rank, of=2)

    def test_any_rank_of_three(self):
        for rank in range(3):
            with self.subTest(rank=rank):
                self.kill_rank(rank, of=3)


if __name__ == "__main__":
    system_test.main()
