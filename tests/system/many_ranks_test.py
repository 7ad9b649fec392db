"""Many ranks on few cores: the numbers of one rank, one copy of every line, and a log file of every rank.

LOCKSTEP_MANY_RANKS (64) is how many."""

import collections
import os
import re
import time

import system_test
from system_test import SOURCE, numpy, read_tables, run, settings

JOB = SOURCE / "tests" / "system" / "all_callbacks.toml"
RANKS = int(os.environ.get("LOCKSTEP_MANY_RANKS", "64"))
ROTATION = 300  # bytes: two lines, so that every rank's file rotates
LOGGERS = ["gradient_norm_logger", "confusion_matrix_logger", "throughput_monitor", "straggler_monitor"]
TIMES = ["time", "duration"]


def callbacks(*names):
    """--set argument that has these callbacks in place of the job's."""
    tables = ", ".join(f'{{ type = "{name}" }}' for name in names)
    return ["--set", f"callbacks=[{tables}]"]


class ManyRanksTest(system_test.SystemTest):
    def train(self, name, ranks, code=0, **changes):
        """The run's directory and the lines that it printed."""
        started = time.monotonic()
        done = run("train", JOB, "--run-dir", self.directory / name, *callbacks(*LOGGERS),
                   *settings(data__train__samples=500, data__validation__samples=200, training__epochs=1,
                             training__batch_size=128, training__shards=RANKS, log__files="true",
                             log__rotate=f'{{ size = "{ROTATION}B", keep = 9 }}', **changes),
                   ranks=ranks, code=code, timeout=200)
        print(f"{ranks} ranks: {time.monotonic() - started:.1f} s")
        return self.directory / name, (done.stdout + done.stderr).splitlines()

    def assert_told_once(self, lines):
        """No line is there twice, but for its time and the rank that it is of."""
        texts = [re.sub(r"^\S+T\S+ +| \[rank [^]]*\]", "", line) for line in lines if line.strip("- ")]
        repeated = {text: count for text, count in collections.Counter(texts).items() if count > 1}
        self.assertEqual(repeated, {})

    def test_they_compute_what_one_rank_computes(self):
        many, _ = self.train("many", RANKS)
        one, _ = self.train("one", 1)
        tables, expected = read_tables(many / "run.h5"), read_tables(one / "run.h5")
        names = [name for name in expected if not name.startswith("ranks")]
        self.assertLessEqual({"epochs", "train_batches", "val_batches", "gradients/global"}, set(names))
        largest = 0
        for name in names:
            for column in set(expected[name]) - set(TIMES):
                numpy.testing.assert_allclose(tables[name][column], expected[name][column], rtol=1e-6, err_msg=name)
                largest = max(largest, numpy.nanmax(numpy.abs(tables[name][column] - expected[name][column])))
        print(f"largest difference of any column: {largest:g}")
        self.assertEqual(tables["ranks/info"]["rank"].tolist(), list(range(RANKS)))
        self.assertEqual(tables["ranks/timing"]["rank"].tolist(), list(range(RANKS)))

    def test_the_console_has_one_copy_and_every_rank_a_file(self):
        directory, lines = self.train("run", RANKS)
        self.assert_told_once(lines)
        self.assertEqual(sum("Epoch 1/1" in line for line in lines), 1)
        self.assertEqual(sum("1 epoch done" in line for line in lines), 1)
        for rank in range(RANKS):
            parts = list((directory / "logs").glob(f"rank-{rank:04d}*.log"))
            self.assertIn(f"rank-{rank:04d}.log", [path.name for path in parts])
            text = "".join(path.read_text(encoding="utf-8") for path in parts)
            self.assertIn(f"{RANKS} ranks on 1 node", text)
            self.assertIn("1 epoch done", text)
            self.assertEqual(set(re.findall(r"\[rank (\d+)/", text)), {str(rank)})
        files = list((directory / "logs").iterdir())
        self.assertEqual(len({file.name.split(".")[0] for file in files}), RANKS)
        self.assertLessEqual(max(file.stat().st_size for file in files), ROTATION)

    def test_an_error_of_all_is_told_once(self):
        _, lines = self.train("run", RANKS, code=2, training__loss='"hinges"')
        self.assertEqual(sum("hinges" in line for line in lines if not line.startswith("--")), 1, lines)


if __name__ == "__main__":
    system_test.main()
