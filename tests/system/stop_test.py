"""Signals to any rank at any moment: the job ends with code 75 and a checkpoint, and what goes on from it is the training
that nobody stopped, in every file. With every callback on, the average of the weights in the model during validations too.

LOCKSTEP_STOPS (4) is the number of stops, LOCKSTEP_STOP_SEED (1) that of their moments."""

import os
import pathlib
import random
import re
import signal
import subprocess
import time

import system_test
from system_test import GLYPHS, SOURCE, command, h5py, numpy, rank_of, read_tables, run, settings, wait_until
from training_files import arrays

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
LOCKSTEP_RUN = SOURCE / "launch" / "lockstep-run"
STOPS = int(os.environ.get("LOCKSTEP_STOPS", "4"))
SEED = int(os.environ.get("LOCKSTEP_STOP_SEED", "1"))
RANKS = 2
REQUEUE = 75
SIZES = settings(data__train__samples=6000, data__validation__samples=12000, callbacks__early_stopping__patience=100)
ENDLESS = settings(training__epochs=100000)


def catches(pid, number):
    """Whether a process has a handler for a signal."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16) >> (number - 1) & 1


def place(checkpoint):
    """Where a checkpoint was taken, for the figures."""
    with h5py.File(checkpoint, "r") as file:
        position = file.attrs["position"].decode()
        batches = re.search(r'"validation":.*?"batches":(\d+)', position)
        return f"step {file.attrs['step']}" + (f", validation batch {batches[1]}" if batches else "")


def end_of(run_log):
    """How a run ended, and why it was stopped."""
    with h5py.File(run_log, "r") as file:
        return tuple(file.attrs[name].decode() for name in ("status", "stop_reason"))


class StopTest(system_test.SystemTest):
    def start_training(self, job, *arguments, ranks=RANKS, name="run"):
        """A job that has begun, but perhaps not trained yet."""
        started = self.start(job, *arguments, "--resume", "auto", ranks=ranks, name=name)
        wait_until(lambda: "run directory" in started.error_text() or started.process.poll() is not None, 30, "first line")
        return started

    def assert_stopped(self, job, reason):
        """The job has ended as asked to, and says so; its log too."""
        self.assertEqual(job.process.returncode, REQUEUE, job.error_text())
        told = re.findall("training stopped on request: .*", job.error_text())
        self.assertEqual(len(told), 1, job.error_text())
        self.assertRegex(told[0], f": {reason}; .*checkpoints/stopped.h5 is written, .* lockstep train --resume {job.directory}$")
        status, why = end_of(job.run_log)
        self.assertEqual(status, "stopped")
        self.assertRegex(why, reason)
        run("inspect", job.directory / "checkpoints" / "stopped.h5")

    def stop_rank(self, rank, after):
        """Starts the job or goes on with it, and stops it by a signal to one rank; false if it came to its end before."""
        job = self.start_training(JOB, *SIZES)
        pids = {rank_of(pid): pid for pid in job.ranks()}
        time.sleep(after)
        try:
            os.kill(pids[rank], signal.SIGUSR1)
        except (KeyError, ProcessLookupError):
            pass
        sent = time.monotonic()
        job.process.wait(timeout=30)
        if job.process.returncode == 0:
            return False
        seconds = time.monotonic() - sent
        self.assert_stopped(job, rf"SIGUSR1 on rank {rank} \(\S+\)")
        print(f"  rank {rank} after {after:.2f} s: over {seconds:.2f} s later, at", place(job.directory / "checkpoints/stopped.h5"))
        return True

    def test_a_training_that_is_stopped_again_and_again(self):
        began = time.monotonic()
        run("train", JOB, "--run-dir", self.directory / "straight", *SIZES, ranks=RANKS)
        seconds = time.monotonic() - began
        moments = random.Random(SEED)
        for number in range(STOPS):
            if not self.stop_rank(number % RANKS, moments.uniform(0, 1.5 * seconds / STOPS)):
                break
        run("train", JOB, "--run-dir", self.directory / "run", "--resume", "auto", *SIZES, ranks=RANKS)
        self.assert_same(self.directory / "run", self.directory / "straight")

    def assert_same(self, directory, expected):
        for name in ("run.h5", "checkpoints/final.h5"):
            ours, theirs = arrays(directory / name), arrays(expected / name)
            self.assertEqual(set(ours), set(theirs))
            for key in theirs:
                numpy.testing.assert_array_equal(ours[key], theirs[key], f"{name}: {key}")
        self.assertEqual((directory / "epochs.csv").read_text(), (expected / "epochs.csv").read_text())
        self.assertEqual(end_of(directory / "run.h5"), ("finished", ""))
        self.assertFalse((directory / "checkpoints" / "stopped.h5").exists())

    def test_sigterm_and_ctrl_c_through_lockstep_run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number.name):
                directory = self.directory / number.name
                line = [LOCKSTEP_RUN, *command("train", GLYPHS, "--run-dir", directory, *ENDLESS, ranks=RANKS)]
                with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as wrapper:
                    wait_until(lambda: (directory / "training.csv").exists(), 30, "training")
                    wrapper.send_signal(number)
                    _, told = wrapper.communicate(timeout=30)
                self.assertEqual(wrapper.returncode, REQUEUE, told)
                self.assertRegex(told, r"stopped on request: SIGUSR1 on rank \d")
                run("inspect", directory / "checkpoints" / "stopped.h5")

    def test_a_second_interrupt_ends_at_once(self):
        job = self.start_training(GLYPHS, *ENDLESS, ranks=None)
        pid = job.process.pid
        self.assertTrue(catches(pid, signal.SIGINT))
        os.kill(pid, signal.SIGINT)
        while catches(pid, signal.SIGINT):
            pass
        os.kill(pid, signal.SIGINT)
        self.assertEqual(job.process.wait(timeout=30), -signal.SIGINT)

    def test_the_first_interrupt_asks(self):
        job = self.start_training(GLYPHS, *ENDLESS, ranks=None)
        os.kill(job.process.pid, signal.SIGINT)
        job.process.wait(timeout=30)
        self.assert_stopped(job, r"SIGINT on rank 0 \(\S+\)")

    def test_before_the_time_limit(self):
        job = self.start_training(GLYPHS, *ENDLESS, *settings(run__stop_before="500ms", run__time_limit="2s"), ranks=RANKS)
        job.process.wait(timeout=30)
        self.assert_stopped(job, r"0\.5 s before the end of the job at .* \(run.time_limit\)")
        self.assertGreater(len(read_tables(job.run_log)["train_batches"]), 0)

    def test_an_unknown_end_is_an_error(self):
        failed = run("train", GLYPHS, "--run-dir", self.directory / "none", *settings(run__stop_before="10m"), ranks=RANKS, code=2)
        self.assertIn("SLURM_JOB_END_TIME", failed.stderr)
        self.assertFalse((self.directory / "none").exists())


if __name__ == "__main__":
    system_test.main()
