"""kill -9 of one rank at any moment, again and again, and after each a resume on any number of ranks: what is left in the end is
what a training leaves that nobody disturbed, in every file and to the bit. With every callback that keeps a state, and
early_stopping before model_checkpoint or behind it.

LOCKSTEP_RESUMES (4) is the number of runs, LOCKSTEP_RESUME_SEED (1) that of all choices. The full measurement: 50 runs."""

import collections
import itertools
import os
import random
import re
import shutil
import signal
import time

import system_test
from system_test import SOURCE, h5py, rank_of, read_tables, run, settings, wait_until
from training_files import contents

EVERY_CALLBACK = SOURCE / "tests" / "system" / "all_callbacks.toml"
CNN = SOURCE / "tests" / "system" / "same_bits_cnn.toml"
RUNS = int(os.environ.get("LOCKSTEP_RESUMES", "4"))
SEED = int(os.environ.get("LOCKSTEP_RESUME_SEED", "1"))
RANKS = (1, 2, 4)  # what 4 shards allow
KILLS = (1, 1, 2, 3)  # of one run, each as likely as the others
BACKUPS = ('"epoch"', 5)  # how often there is one
SHAKY = settings(training__optimizer__ema_momentum=0.5, training__epochs=20, callbacks__early_stopping__patience=2,
                 callbacks__reduce_lr_on_plateau__patience=2, callbacks__reduce_lr_on_plateau__factor=0.8,
                 callbacks__reduce_lr_on_plateau__cooldown=1)
MODELS = {"MLP": (EVERY_CALLBACK, settings(data__train__samples=1150, training__optimizer__learning_rate=0.5,
                                           callbacks__reduce_lr_on_plateau__min_delta=0.1,
                                           callbacks__loss_spike_detector__rtol=0.3)),
          "CNN": (CNN, settings(data__train__samples=650, training__batch_size=50, training__optimizer__learning_rate=0.03,
                                training__optimizer__use_ema="true", callbacks__reduce_lr_on_plateau__min_delta=0.1,
                                callbacks__loss_spike_detector__rtol=0.03,
                                callbacks__activation_logger__layers='["conv2d", "dense"]'))}
FIRST = ("early_stopping", "model_checkpoint")  # which of the two comes before the other
BEST = 'type = "model_checkpoint"\nsave_best_only = true\npath = "checkpoints/best.h5"\n'
TIMEOUT = 120


class Training:
    """A model with every callback but learning_rate_warmup, whose rates follow the number of ranks, as Horovod's do."""

    def __init__(self, directory, model, first):
        self.name = f"{model}, {first} first"
        self.file = directory / f"{model}-{first}.toml"
        base, changes = MODELS[model]
        self.arguments = [*changes, *SHAKY]
        head = base.read_text(encoding="utf-8").split("[[callbacks]]\n")[0]
        callbacks = EVERY_CALLBACK.read_text(encoding="utf-8").split("[[callbacks]]\n")[1:]
        callbacks = [text for text in callbacks if "learning_rate_warmup" not in text]
        callbacks.sort(key=lambda text: f'"{first}"' not in text)
        self.file.write_text("[[callbacks]]\n".join([head, *callbacks, BEST]), encoding="utf-8")


def checkpoint_of(text):
    """Where a training began, by its messages."""
    found = re.search(r"run directory \S+?(?:, continued from (\S+))?\n|the run is (finished)", text)
    if not found:
        return "nowhere yet"
    return found[1] or ("its end" if found[2] else "the beginning")


def place_of(text):
    """Where a killed training was, as far as its messages tell: those of the ranks that are left, or the last one."""
    died = re.search(r"died (in .*?); the job ends", text)
    seen = re.findall(r"epoch \d+, batch \d+(?=:)", text)
    return died[1] if died else f"after {seen[-1]}" if seen else "before batch 5"


class ResumeTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.undisturbed = {}  # directory by training
        self.seconds = {}  # by training and ranks
        self.counts = collections.Counter()

    def train(self, training, directory, ranks, *arguments):
        """Trains to the end, and returns the messages."""
        return run("train", training.file, *training.arguments, *arguments, "--run-dir", directory, ranks=ranks,
                   timeout=TIMEOUT).stderr

    def measure(self, training, ranks):
        """How long the training takes that nobody disturbs. It leaves the same on any number of ranks."""
        if (training, ranks) not in self.seconds:
            directory = self.directory / f"{training.file.stem}-{ranks}"
            began = time.monotonic()
            self.train(training, directory, ranks)
            self.seconds[training, ranks] = time.monotonic() - began
            self.assert_much_happens(directory)
            self.assert_same(directory, self.undisturbed.setdefault(training, directory))
        return self.seconds[training, ranks]

    def assert_much_happens(self, directory):
        """So much that the states of callbacks matter."""
        epochs = read_tables(directory / "run.h5")["epochs"]
        with h5py.File(directory / "run.h5", "r") as file:
            self.assertRegex(file.attrs["stop_reason"].decode(), "early stopping")
        self.assertGreater((epochs["val_loss"] > epochs["val_loss"].cummin()).sum(), 2, "none before the last two is bad")
        self.assertGreater(epochs["learning_rate"].nunique(), 2)
        self.assertTrue((directory / "spikes.jsonl").read_text(encoding="utf-8"))

    def assert_same(self, directory, expected):
        ours, theirs = contents(directory), contents(expected)
        differing = [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
        self.assertEqual(differing, [], f"of {len(theirs)}")

    def kill(self, job, rank, after):
        """Kills a rank, and mpirun ends the others; false if the training is over first."""
        pid, = wait_until(lambda: [pid for pid in job.ranks() if rank_of(pid) == rank], 30, f"rank {rank}")
        process = os.pidfd_open(pid)
        time.sleep(after)
        try:
            signal.pidfd_send_signal(process, signal.SIGKILL)
        except ProcessLookupError:
            self.assertEqual(job.process.wait(timeout=TIMEOUT), 0, job.error_text())
        os.close(process)
        return job.process.wait(timeout=TIMEOUT) != 0

    def go_on_and_kill(self, training, directory, choices):
        """Starts the training or goes on with it until a rank is killed; false if it is over first."""
        ranks = choices.choice(RANKS)
        rank = choices.randrange(ranks)
        seconds = self.measure(training, ranks)
        after = choices.uniform(0, seconds)
        saving = settings(callbacks__backup_and_restore__save_freq=choices.choice(BACKUPS))
        job = self.start(training.file, *training.arguments, *saving, "--resume", "auto", ranks=ranks, name=directory.name)
        is_killed = self.kill(job, rank, after)
        text = job.error_text()
        job.close()
        end = f"killed after {after:.2f} of {seconds:.2f} s, {place_of(text)}" if is_killed else "over before its kill"
        print(f"  from {checkpoint_of(text)} on {ranks} ranks: rank {rank} {end}", flush=True)
        self.counts[f"kills on {ranks} ranks"] += is_killed
        return is_killed

    def disturb_and_finish(self, training, directory, choices):
        kills, wanted = 0, choices.choice(KILLS)
        while kills < wanted:
            if self.go_on_and_kill(training, directory, choices):
                kills += 1
            elif kills:
                break
            else:
                shutil.rmtree(directory)
        ranks = choices.choice(RANKS)
        text = self.train(training, directory, ranks, "--resume", "auto")
        print(f"  from {checkpoint_of(text)} on {ranks} ranks to the end", flush=True)
        self.counts[f"ends on {ranks} ranks"] += 1

    def test_killed_and_resumed(self):
        choices = random.Random(SEED)
        trainings = [Training(self.directory, model, first) for model, first in itertools.product(MODELS, FIRST)]
        for number in range(RUNS):
            training = trainings[number % len(trainings)]
            with self.subTest(seed=SEED, run=number, training=training.name):
                print(f"run {number}: {training.name}", flush=True)
                directory = self.directory / f"run-{number}"
                self.disturb_and_finish(training, directory, choices)
                self.assert_same(directory, self.undisturbed[training])
                self.counts[f"identical with {training.name}"] += 1
                shutil.rmtree(directory)
        print(f"of {RUNS} runs: " + "; ".join(f"{what}: {count}" for what, count in sorted(self.counts.items())))


if __name__ == "__main__":
    system_test.main()
