"""A rank that stops, hangs or dawdles: the job ends with exit code 70 and names it, or warns, and a suspended job goes on."""

import os
import re
import signal
import time

import system_test
from system_test import GLYPHS, read_tables, run, settings

STALLED = 70
PLACE = r"rank {rank} on \S+ \(process {pid}\) has {what} .*in epoch \d+, step \d+, doing: "
ENDLESS = settings(data__train__samples=2048, training__epochs=1000000)
SHORT = settings(run__heartbeat_timeout='"3s"')
# Small enough for an epoch to be over at once.
BRIEF = settings(data__train__samples=512, data__validation__samples=128, training__epochs=2)
SLEEPING_LAYER = '[{type="sleeping_layer",rank=%d,seconds=60.0},{type="flatten"},{type="dense",units=10,activation="softmax"}]'


class StallTest(system_test.SystemTest):
    def pid_of(self, job, rank):
        return int(read_tables(job.run_log)["ranks/info"]["pid"][rank])

    def stop_rank(self, rank, of, *arguments):
        """Stops one rank of a running job, which has to end by itself and name it."""
        job = self.start(GLYPHS, *ENDLESS, *SHORT, *arguments, ranks=of, name=f"{rank}-of-{of}")
        job.wait_for_rows()
        pid = self.pid_of(job, rank)
        os.kill(pid, signal.SIGSTOP)
        stopped = time.monotonic()
        code = job.process.wait(timeout=60)
        print(f"rank {rank} of {of} stopped: the job was over after {time.monotonic() - stopped:.1f} s")
        self.assert_ended(job, code, rank, pid, "given no sign of life for")

    def assert_ended(self, job, code, rank, pid, what):
        text = job.error_text()
        self.assertEqual(code, STALLED, text)
        told = re.findall(PLACE.format(rank=rank, pid=pid, what=what), text)
        self.assertEqual(len(told), 1, f"nothing, or too much, says that rank {rank} stalled:\n{text}")
        self.assertNotIn(" died ", text)
        run("inspect", job.run_log)

    def test_a_stopped_rank_of_two(self):
        for rank in range(2):
            with self.subTest(rank=rank):
                self.stop_rank(rank, 2, *settings(training__shards=2))

    def test_a_stopped_rank_of_three(self):
        self.stop_rank(2, 3, *settings(training__shards=3, run__exchange='"private"'))

    def sleep_in_layer(self, rank, ranks, shards):
        job = self.start(GLYPHS, *BRIEF, *settings(run__stall_timeout='"3s"', model__layers=SLEEPING_LAYER % rank,
                                                        training__shards=shards),
                         ranks=ranks, name=f"sleeper-{rank}-of-{ranks}")
        code = job.process.wait(timeout=60)
        if code == system_test.SKIPPED:
            self.skipTest(job.error_text().strip())
        self.assertEqual(code, STALLED, job.error_text())
        line = rf"rank {rank} on \S+ \(process \d+\) has made no progress for [34] s in epoch 1, step 1, doing: forward"
        self.assertEqual(len(re.findall(line, job.error_text())), 1, job.error_text())

    def test_a_rank_that_hangs_is_named_and_not_those_that_wait(self):
        self.sleep_in_layer(rank=1, ranks=2, shards=2)

    def test_the_only_rank_hangs(self):
        self.sleep_in_layer(rank=0, ranks=None, shards=1)

    def test_on_two_nodes_the_one_with_the_rank_that_hangs_finds_it(self):
        self.sleep_in_layer(rank=3, ranks="2x2", shards=4)

    def test_a_slow_hook_warns_by_name_and_goes_on(self):
        callbacks = '[{type="sleeping_callback",seconds=6.0}]'
        done = run("train", GLYPHS, "--run-dir", self.directory / "slow", *BRIEF,
                   *settings(run__stall_timeout='"8s"', callbacks=callbacks), ranks=2)
        warning = r"rank 0 on \S+ .*has been busy for [45] s in epoch 1, step 3, doing: hook on_epoch_end of .*SleepingCallback"
        self.assertEqual(len(re.findall(warning, done.stderr)), 1, done.stderr)

    def test_a_suspended_job_goes_on(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                self.suspend(ranks)

    def suspend(self, ranks):
        limits = settings(run__heartbeat_timeout='"3s"', run__stall_timeout='"3s"')
        job = self.start(GLYPHS, *ENDLESS, *limits, ranks=ranks, name=f"suspended-{ranks}")
        job.wait_for_rows()
        pids = [self.pid_of(job, rank) for rank in range(ranks)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(5)
        epochs = len(read_tables(job.run_log)["epochs"])
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        system_test.wait_until(lambda: job.process.poll() is not None or job.has_rows(epochs + 3), 60, "further epochs")
        self.assertIsNone(job.process.poll(), f"the job ended:\n{job.error_text()}")
        self.assertNotIn("the job ends", job.error_text())


if __name__ == "__main__":
    system_test.main()
