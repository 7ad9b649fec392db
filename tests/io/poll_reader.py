"""Reads run.h5 as a user's notebook would: poll_reader.py PATH READS PAUSE_SECONDS.

Prints "<succeeded> <failed> <unequal>". A read that fails to open is tried again only at the next poll.
"""
import sys
import time

import h5py
import pandas as pd


def read(path):
    """True if all columns have the same length and the values of each row belong together."""
    with h5py.File(path, "r") as file:
        if "train_batches" not in file:
            return True
        group = file["train_batches"]
        frame = pd.DataFrame({name: group[name][:] for name in group})
    numbers = range(len(frame))
    return bool((frame["step"] == numbers).all() and (frame["twice"] == 2 * frame["step"]).all())


def main():
    path, reads, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    succeeded = failed = unequal = 0
    for _ in range(reads):
        try:
            if read(path):
                succeeded += 1
            else:
                unequal += 1
        except OSError:
            failed += 1
        except ValueError:  # pandas: "All arrays must be of the same length"
            unequal += 1
        time.sleep(pause)
    print(succeeded, failed, unequal)
    return 0 if unequal == 0 and succeeded >= 0.95 * reads else 1


sys.exit(main())
