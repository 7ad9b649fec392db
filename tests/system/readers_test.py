"""Plain readers of the run log beside a running job: they nearly always get in, never see a wrong table, and cost no row.

LOCKSTEP_TEST_READS (60) is the number of reads of each of the two readers, LOCKSTEP_TEST_HOLD (3) for how many seconds
a third one keeps the file open. The full measurement: 500 and 20."""

import collections
import json
import math
import os
import subprocess
import sys
import time
import zlib

import system_test
from system_test import GLYPHS, h5py, numpy, read_tables, settings

READS = int(os.environ.get("LOCKSTEP_TEST_READS", "60"))
HOLD = float(os.environ.get("LOCKSTEP_TEST_HOLD", "3"))
PAUSE = 0.1  # seconds between two reads of one reader
STEPS_PER_EPOCH = 157  # of glyphs.toml: 20,000 samples in batches of 128


def checksum(column):
    return zlib.crc32(numpy.ascontiguousarray(column).tobytes())


def read_many(path, count):
    """Reads the log `count` times. Prints a JSON line for each: an error, or rows and checksums of every column."""
    for _ in range(count):
        try:
            tables = read_tables(path)
            print(json.dumps({name: {key: (len(table), checksum(table[key].to_numpy(dtype=None)))
                                     for key in table if table[key].dtype != object}
                              for name, table in tables.items()}))
        except OSError as error:
            print(json.dumps({"unreadable": str(error)}))
        except ValueError as error:
            print(json.dumps({"unequal": str(error)}))
        time.sleep(PAUSE)


def start_reader(path):
    return subprocess.Popen([sys.executable, __file__, "read", path, str(READS)], stdout=subprocess.PIPE, text=True)


def wrong_columns(read, final):
    """The columns of a read that are not the beginning of the same column in the finished log."""
    return [f"{name}/{key}" for name, columns in read.items() for key, (rows, code) in columns.items()
            if checksum(final[name][key].to_numpy()[:rows]) != code]


class ReadersTest(system_test.SystemTest):
    def start_glyphs(self, epochs):
        job = self.start(GLYPHS, *settings(training__epochs=epochs), ranks=2)
        job.wait_for_rows()
        return job

    def test_two_readers_see_whole_tables(self):
        job = self.start_glyphs(epochs=100000)
        readers = [start_reader(job.run_log) for _ in range(2)]
        lines = [line for reader in readers for line in reader.communicate()[0].splitlines()]
        self.assertIsNone(job.process.poll(), "the job ended before the readers did")
        job.kill()
        reads = [json.loads(line) for line in lines]
        final = read_tables(job.run_log)

        outcomes = collections.Counter()
        for read in reads:
            bad = {"unreadable", "unequal"} & set(read)
            outcomes[bad.pop() if bad else "wrong" if wrong_columns(read, final) else "good"] += 1
        growth = len({json.dumps(read) for read in reads})
        print(f"{len(reads)} reads: {dict(outcomes)}; {growth} different states; "
              f"{len(final['epochs'])} epochs, {len(final['train_batches'])} steps")
        for message in {read["unreadable"] for read in reads if "unreadable" in read}:
            print(f"  {message}")
        self.assertEqual(len(reads), 2 * READS)
        self.assertEqual(outcomes["unequal"] + outcomes["wrong"], 0)
        self.assertGreaterEqual(outcomes["good"], 0.9 * len(reads), "the file is locked for a long time")
        self.assertGreater(growth, 2, "the log did not grow while it was read")

    def test_a_reader_that_holds_the_file_costs_no_row(self):
        job = self.start_glyphs(epochs=math.ceil(3 + HOLD))
        with h5py.File(job.run_log, "r") as file:
            rows = len(file["train_batches/step"])
            time.sleep(HOLD)
            self.assertEqual(len(file["train_batches/step"]), rows)
        self.assertEqual(job.process.wait(timeout=120), 0, job.error_text())

        batches = read_tables(job.run_log)["train_batches"]
        print(f"held for {HOLD:g} s at {rows} rows; at the end {len(batches)} rows")
        self.assertEqual(len(batches), math.ceil(3 + HOLD) * STEPS_PER_EPOCH)
        steps = numpy.arange(len(batches))
        numpy.testing.assert_array_equal(batches["step"], steps)
        numpy.testing.assert_array_equal(batches["epoch"], steps // STEPS_PER_EPOCH)
        numpy.testing.assert_array_equal(batches["batch"], steps % STEPS_PER_EPOCH)
        self.assertFalse((job.directory / "run.pending.h5").exists())


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read_many(sys.argv[2], int(sys.argv[3]))
    else:
        system_test.main()
