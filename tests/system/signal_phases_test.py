"""SIGUSR1 to each rank in turn, in the midst of each phase of training: the job ends with code 75 and a sound checkpoint, and what
goes on from it ends with the weights of a training that nobody stopped.

LOCKSTEP_SIGNALS=all: each of 1, 2, 3 and 4 ranks in each phase, training on MNIST in LOCKSTEP_DATA. Without it some of them, on glyphs."""

import functools
import os
import re
import statistics
import time
from unittest import mock

import system_test
from system_test import SOURCE, numpy, read_weights, run, settings

JOB = SOURCE / "launch" / "jobs" / "mnist-mlp.toml"
SIGNALS = os.environ.get("LOCKSTEP_SIGNALS", "")
REQUEUE = 75
PHASES = {"forward": 30, "exchange": 99, "validation": 3, "checkpoint": 1, "logging": 1}  # at the how-manieth time
MOMENTS = [(ranks, rank, phase) for ranks in (1, 2, 3, 4) for rank in range(ranks) for phase in PHASES]
SOME = MOMENTS[:30:7]  # each phase, on 1, 2 and 3 ranks
GLYPHS = '{source="glyphs",train={samples=3000},validation={samples=1000}}'


def signalling_job(directory):
    """The job with the elements that signal; they do nothing else."""
    text = JOB.read_text(encoding="utf-8")
    text = text.replace('{ type = "flatten" }', '{ type = "flatten" }, { type = "signalling" }')
    text = text.replace('type = "dense"', 'type = "dense", kernel_constraint = "signalling"')
    job = directory / "job.toml"
    job.write_text(text + '\n[[callbacks]]\ntype = "signalling"\n', encoding="utf-8")
    return job


class SignalPhasesTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.settings = settings(training__epochs=2) + ([] if SIGNALS == "all" else settings(data=GLYPHS))
        self.straight = functools.cache(self.run_straight)

    def train(self, name, ranks, *arguments, code=0):
        """The directory of a run, and what it said."""
        job = signalling_job(self.directory)
        done = run("train", job, "--run-dir", self.directory / name, *self.settings, *arguments, ranks=ranks, code=code)
        return self.directory / name, done.stderr

    def final_weights(self, run_directory):
        return read_weights(run_directory / "checkpoints" / "final.h5")

    def run_straight(self, ranks):
        directory, _ = self.train(f"{ranks}-straight", ranks)
        return self.final_weights(directory)

    def stop(self, ranks, rank, phase):
        """Trains until the signal ends it; the run directory, and the seconds from the signal to the end of the job."""
        name = f"{rank}-of-{ranks}-in-{phase}"
        with mock.patch.dict(os.environ, LOCKSTEP_SIGNAL=f"{rank} {phase} {PHASES[phase]}"):
            directory, text = self.train(name, ranks, code=REQUEUE)
        seconds = time.time() - float(re.search(r"signal sent at (\S+)", text)[1])
        self.assertRegex(text, rf"training stopped on request: SIGUSR1 on rank {rank} \(\S+\); .*stopped.h5 is written")
        run("inspect", directory / "checkpoints" / "stopped.h5")
        return directory, seconds

    def assert_goes_on(self, directory, ranks):
        self.train(directory.name, ranks, "--resume", "auto")
        expected = self.straight(ranks)
        ours = self.final_weights(directory)
        self.assertEqual(ours.keys(), expected.keys())
        for name, values in expected.items():
            numpy.testing.assert_array_equal(ours[name], values, err_msg=name)
        self.assertFalse((directory / "checkpoints" / "stopped.h5").exists())

    def test_each_rank_in_each_phase(self):
        times = []
        for ranks, rank, phase in MOMENTS if SIGNALS == "all" else SOME:
            with self.subTest(ranks=ranks, rank=rank, phase=phase):
                directory, seconds = self.stop(ranks, rank, phase)
                times.append(seconds)
                print(f"  rank {rank} of {ranks} in {phase}: over {seconds:.2f} s later")
                self.assert_goes_on(directory, ranks)
        print(f"  {len(times)} signals, from signal to end: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")


if __name__ == "__main__":
    system_test.main()
