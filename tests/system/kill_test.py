"""kill -9 of a whole job at any moment, with every callback on: what lies in its directory is whole, and recent.

LOCKSTEP_KILLS (3) is the number of kills, LOCKSTEP_KILL_SEED (1) that of their moments. The full measurement: 20 kills."""

import datetime
import json
import os
import random
import re
import sys
import time

import system_test
from system_test import SOURCE, h5py, numpy, read_tables, run, settings, wait_until

sys.path.append(str(SOURCE / "tests" / "callbacks"))
import read_events  # noqa: E402

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
KILLS = int(os.environ.get("LOCKSTEP_KILLS", "3"))
SEED = int(os.environ.get("LOCKSTEP_KILL_SEED", "1"))
STEPS_PER_EPOCH = 15000  # longer than FLUSH: the end of an epoch has the loggers write, too
ENDLESS = settings(data__train__samples=4 * STEPS_PER_EPOCH, training__batch_size=4, training__epochs=100000,
                   callbacks__early_stopping__patience=100000)
SAVING = {"every 7 steps": "7", "every epoch": '"epoch"'}  # a checkpoint has the loggers write first, too
LATEST = 6  # seconds after the beginning of training
FLUSH = 2  # seconds between writes, the default of all loggers
MARGIN = 1.5  # seconds that a write may take on a busy machine
WHOLE_NAME = re.compile(r"(step-\d{6}|backup|final)\.h5")


def seconds(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def newest_step(text):
    """How many steps the newest line of the throughput monitor tells of."""
    lines = re.findall(r"epoch (\d+), batch (\d+): ", text)
    return max((STEPS_PER_EPOCH * (int(epoch) - 1) + int(batch) for epoch, batch in lines), default=0)


class KillTest(system_test.SystemTest):
    def start_and_kill(self, number, after, save_freq="7"):
        """The killed job, and when it was killed, in Unix seconds."""
        saving = settings(callbacks__model_checkpoint__save_freq=save_freq)
        job = self.start(JOB, *ENDLESS, *saving, ranks=2, name=f"run-{number}")
        wait_until(lambda: (job.directory / "batches.csv").exists() or job.process.poll() is not None, 30, "CSV file")
        time.sleep(after)
        self.assertIsNone(job.process.poll(), f"the job ended by itself:\n{job.error_text()}")
        job.kill()
        return job, time.time()

    def check_run_log(self, job):
        """The steps in the log and the time of the last one, or of the beginning of the run."""
        with h5py.File(job.run_log, "r") as file:
            file.visititems(self.assert_equal_lengths)
            start = file.attrs["start"]
        tables = read_tables(job.run_log)
        batches = tables.get("train_batches")
        if batches is None:
            return 0, start
        steps = numpy.arange(len(batches))
        numpy.testing.assert_array_equal(batches["step"], steps)
        numpy.testing.assert_array_equal(batches["epoch"], steps // STEPS_PER_EPOCH)
        self.assertFalse(batches.isna().any(axis=None))
        return len(steps), batches["time"].iloc[-1]

    def assert_equal_lengths(self, name, item):
        if isinstance(item, h5py.Group):
            lengths = {len(column) for column in item.values() if isinstance(column, h5py.Dataset)}
            self.assertLessEqual(len(lengths), 1, name)

    def check_lines(self, path):
        """The lines of a text file, all of them whole."""
        text = path.read_text(encoding="utf-8")
        self.assertTrue(text.endswith("\n") or not text, f"{path.name} ends in {text[-80:]!r}")
        return text.splitlines()

    def check_csv(self, directory):
        """The steps in the file of batches and the time of the last one."""
        for name in ("epochs.csv", "batches.csv"):
            lines = self.check_lines(directory / name)
            self.assertLessEqual(len({line.count(",") for line in lines}), 1, f"{name}: unequal numbers of fields")
        header, *rows = [line.split(",") for line in lines]
        rows = [dict(zip(header, row)) for row in rows if row[header.index("phase")] == "train"]
        self.assertEqual([int(row["step"]) for row in rows], list(range(len(rows))))
        return len(rows), seconds(rows[-1]["timestamp"]) if rows else None

    def check_json(self, directory):
        """The steps in the file and the time of the last one."""
        lines = [json.loads(line) for line in self.check_lines(directory / "log.jsonl")]
        for line in self.check_lines(directory / "spikes.jsonl"):
            json.loads(line)
        rows = [line for line in lines if line["event"] == "train_batch"]
        self.assertEqual([row["step"] for row in rows], list(range(len(rows))))
        return len(rows), seconds(rows[-1]["time"]) if rows else None

    def check_tensorboard(self, directory):
        """The steps in the files and the time of the last one. Half a record is an error of read_runs."""
        entries = read_events.read_runs(directory / "tensorboard").get("train", {}).get("batch_loss", [])
        self.assertEqual([entry["step"] for entry in entries], list(range(len(entries))))
        return len(entries), entries[-1]["time"] if entries else None

    def check_names(self, directory):
        """Every checkpoint under its final name is whole; the number of those and of files under other names."""
        files = sorted((directory / "checkpoints").iterdir())
        whole = [path for path in files if WHOLE_NAME.fullmatch(path.name)]
        for path in whole:
            run("inspect", path)
        others = [path.name for path in files if path not in whole]
        for name in others:
            self.assertRegex(name, "tmp|temp|part", "neither a checkpoint nor temporary")
        return len(whole), others

    def check(self, job, killed):
        """Every file of a killed job; a line of figures."""
        seen = newest_step(job.error_text())
        found = {"run.h5": self.check_run_log(job), "csv": self.check_csv(job.directory),
                 "json": self.check_json(job.directory), "tensorboard": self.check_tensorboard(job.directory)}
        whole, others = self.check_names(job.directory)
        start = found["run.h5"][1]  # as old as the run while there is no row
        ages = {name: killed - (last or start) for name, (_, last) in found.items()}
        figures = ", ".join(f"{name} {rows} ({ages[name]:.2f} s)" for name, (rows, _) in found.items())
        print(f"  {seen} steps seen; steps in the file (age of the last): {figures}; {whole} checkpoints, others: {others}")
        for name, age in ages.items():
            self.assertLess(age, FLUSH + MARGIN, f"the last row of {name} is too old")
        return ages

    def test_nothing_is_torn_and_little_is_lost(self):
        random_moment = random.Random(SEED)
        oldest = {}
        for number in range(KILLS):
            after = random_moment.uniform(0, LATEST)
            saving = list(SAVING)[number % len(SAVING)]
            with self.subTest(seed=SEED, kill=number, after=after, saving=saving):
                print(f"kill {number} after {after:.2f} s, checkpoints {saving}:", flush=True)
                job, killed = self.start_and_kill(number, after, SAVING[saving])
                for name, age in self.check(job, killed).items():
                    oldest[name] = max(age, oldest.get(name, 0))
        print("the oldest last row: " + ", ".join(f"{name} {age:.2f} s" for name, age in oldest.items()))

    def test_a_killed_job_goes_on(self):
        job, _ = self.start_and_kill("resumed", LATEST / 2, save_freq=500)
        epochs = self.check_run_log(job)[0] // STEPS_PER_EPOCH + 1
        run("train", "--resume", job.directory, *settings(training__epochs=epochs), ranks=2)
        steps = epochs * STEPS_PER_EPOCH
        found = [self.check_run_log(job), self.check_csv(job.directory), self.check_json(job.directory),
                 self.check_tensorboard(job.directory)]
        self.assertEqual([rows for rows, _ in found], 4 * [steps])
        self.assertEqual(self.check_names(job.directory)[1], [], "temporary files outlive the resume")


if __name__ == "__main__":
    system_test.main()
