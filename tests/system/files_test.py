"""The files of a run: any HDF5 tool opens them, they say where they come from, and a damaged one is found out."""

import shutil
import subprocess

import system_test
from system_test import SOURCE, h5py, read_tables, run, settings

JOB = SOURCE / "tests" / "system" / "same_bits.toml"
CHECKPOINTS = ["--set", 'callbacks=[{ type = "model_checkpoint" }]']
RUN_ATTRIBUTES = {"schema", "run_id", "start", "end", "status", "stop_reason", "heartbeat", "world_size", "nodes", "shards",
                  "seed", "job", "host", "pid", "slurm_job_id", "versions"}
TABLES = {  # the columns that every run of a classifier has
    "epochs": {"epoch", "time", "duration", "learning_rate", "loss", "accuracy", "val_loss", "val_accuracy"},
    "train_batches": {"step", "epoch", "batch", "time", "samples", "learning_rate", "loss", "batch_loss", "accuracy",
                      "batch_accuracy"},
    "val_batches": {"epoch", "batch", "samples", "loss", "batch_loss", "accuracy", "batch_accuracy"},
    "ranks/info": {"rank", "host", "pid", "cores", "blas_core"},
    "ranks/timing": {"epoch", "rank", "compute", "exchange", "input", "callbacks", "wait"},
}


class FilesTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.run_directory = self.directory / "run"
        run("train", JOB, *CHECKPOINTS, "--run-dir", self.run_directory, ranks=2)
        self.run_log = self.run_directory / "run.h5"
        self.checkpoints = sorted((self.run_directory / "checkpoints").glob("*.h5"))

    def test_every_tool_opens_every_file(self):
        self.assertEqual([file.name for file in self.checkpoints], ["epoch-0001.h5", "epoch-0002.h5", "final.h5"])
        for path in [self.run_log, *self.checkpoints]:
            with self.subTest(file=path.name):
                self.assertTrue(run("inspect", path).stdout.endswith("sound\n"))
                with h5py.File(path, "r") as file:
                    file.visititems(lambda _, item: item[()] if isinstance(item, h5py.Dataset) else None)
                if shutil.which("h5dump"):
                    subprocess.run(["h5dump", path], check=True, stdout=subprocess.DEVNULL)

    def test_the_log_says_where_it_comes_from(self):
        with h5py.File(self.run_log, "r") as file:
            self.assertEqual(RUN_ATTRIBUTES - set(file.attrs), set())
            self.assertEqual(file.attrs["schema"].decode(), "lockstep.run/1")
            self.assertEqual(file.attrs["status"].decode(), "finished")
            self.assertEqual((file.attrs["world_size"], file.attrs["nodes"], file.attrs["shards"]), (2, 1, 4))
            self.assertLess(file.attrs["start"], file.attrs["end"])
            self.assertIn('name = "same-bits"', file.attrs["job"].decode())

    def test_the_tables_are_complete_and_described(self):
        tables = read_tables(self.run_log)
        for name, columns in TABLES.items():
            with self.subTest(table=name):
                self.assertEqual(columns - set(tables[name]), set())
        self.assertEqual({name: len(table) for name, table in tables.items()},
                         {"epochs": 2, "train_batches": 40, "val_batches": 8, "ranks/info": 2, "ranks/timing": 4})
        with h5py.File(self.run_log, "r") as file:
            for name, table in tables.items():
                for key in table:
                    column = file[name][key]
                    with self.subTest(column=column.name):
                        self.assertEqual({"unit", "description"} - set(column.attrs), set())
                        self.assertEqual((column.maxshape, column.compression), ((None,), None))

    def test_the_end_of_the_run_is_the_last_epoch(self):
        with h5py.File(self.checkpoints[-1], "r") as final, h5py.File(self.checkpoints[-2], "r") as last:
            self.assertEqual((final.attrs["schema"].decode(), final.attrs["complete"]), ("lockstep.checkpoint/1", 1))
            self.assertEqual((final.attrs["epoch"], final.attrs["step"]), (2, 40))
            for layer in final["weights"]:
                for weight, values in final["weights"][layer].items():
                    self.assertEqual(values[:].tobytes(), last["weights"][layer][weight][:].tobytes())

    def test_damage_is_found_and_the_checkpoint_before_is_taken(self):
        newest = self.checkpoints[-1]
        with h5py.File(newest, "r") as file:
            place = file["weights/dense/kernel"].id.get_chunk_info(0).byte_offset
        with open(newest, "r+b") as file:
            file.seek(place + 100)
            file.write(b"\xde\xad\xbe\xef")
        found = run("inspect", newest, code=3)
        self.assertIn("/weights/dense/kernel", found.stdout + found.stderr)

        resumed = run("train", "--resume", self.run_directory, *settings(training__epochs=3))
        self.assertIn("epoch-0002.h5", resumed.stderr)
        self.assertEqual(read_tables(self.run_log)["train_batches"]["step"].tolist(), list(range(60)))

    def test_a_log_that_a_kill_left_half_written_is_mended_by_a_resume(self):
        with h5py.File(self.run_log, "r+") as file:
            file["train_batches/step"].resize((43,))
        self.assertIn("unequal columns: /train_batches", run("inspect", self.run_log, code=3).stdout)

        run("train", "--resume", self.run_directory, *settings(training__epochs=3))
        run("inspect", self.run_log)
        self.assertEqual(read_tables(self.run_log)["train_batches"]["step"].tolist(), list(range(60)))


if __name__ == "__main__":
    system_test.main()
