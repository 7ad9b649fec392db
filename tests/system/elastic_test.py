"""Ranks that the shards cannot be spread over: an error, or on request a training that goes on and says that its results differ."""

import json

import system_test
from system_test import GLYPHS, numpy, read_tables, run, settings

SMALL = '{source="glyphs",train={samples=600},validation={samples=200}}'
NORMALIZED = '[{type="flatten"},{type="dense",units=16},{type="batch_normalization"},{type="dense",units=10,activation="softmax"}]'
ELASTIC = settings(training__elastic="true")


def train(directory, *arguments, ranks, code=0):
    """What it said."""
    return run("train", GLYPHS, "--run-dir", directory, *settings(data=SMALL, training__shards=4), *arguments, ranks=ranks, code=code).stderr


def resume(directory, epochs, *arguments, ranks, code=0):
    return run("train", "--resume", directory, *settings(training__epochs=epochs), *arguments, ranks=ranks, code=code).stderr


class ElasticTest(system_test.SystemTest):
    def setUp(self):
        super().setUp()
        self.run_directory = self.directory / "run"

    def losses(self, directory):
        return read_tables(directory / "run.h5")["epochs"]["loss"].to_numpy()

    def files(self):
        return {path: path.stat().st_mtime_ns for path in self.run_directory.rglob("*")}

    def test_a_run_goes_on_with_any_number_of_ranks_on_request(self):
        train(self.run_directory, *settings(training__epochs=1), ranks=2)
        before = self.files()
        said = resume(self.run_directory, 2, ranks=3, code=2)
        self.assertIn("training.shards = 4 cannot be spread evenly over 3 ranks; numbers of ranks that can: 1, 2, 4", said)
        self.assertIn("training.elastic = true", said)
        self.assertEqual(self.files(), before, "what cannot go on leaves all as it was")

        said = resume(self.run_directory, 2, *ELASTIC, ranks=3)
        self.assertIn("was trained with 4 shards up to here and goes on with one shard on each of 3 ranks", said)
        self.assertIn("not, to the bit, those of a run without a stop", said)
        said = resume(self.run_directory, 3, ranks=4)
        self.assertIn("was trained with one shard on each of 3 ranks up to here and goes on with 4 shards", said)
        self.assertNotIn("up to here", resume(self.run_directory, 4, ranks=1))

        train(self.directory / "straight", *settings(training__epochs=4), ranks=2)
        straight = self.losses(self.directory / "straight")
        numpy.testing.assert_allclose(self.losses(self.run_directory), straight, rtol=1e-3)
        self.assertEqual(self.losses(self.run_directory)[0], straight[0])

    def test_one_shard_per_rank_needs_the_same_request(self):
        run("train", GLYPHS, "--run-dir", self.run_directory, *settings(data=SMALL, training__epochs=1, training__shards=2), *ELASTIC, ranks=3)
        said = resume(self.run_directory, 2, *settings(training__elastic="false"), ranks=2, code=2)
        self.assertIn("with one shard on each of 3 ranks up to here and would go on with 2 shards", said)
        self.assertIn("--set training.elastic=true", said)
        self.assertIn("goes on with one shard on each of 4 ranks", resume(self.run_directory, 2, ranks=4))

    def test_a_new_run_may_be_elastic_too(self):
        """Also where the statistics of shards are part of the model."""
        said = train(self.run_directory, *settings(training__epochs=1, model__layers=NORMALIZED), *ELASTIC, ranks=3)
        self.assertIn("training.shards = 4 cannot be spread evenly over 3", said)
        self.assertIn("3 ranks on 1 node, 1 thread each, one shard per rank", said)

    def test_a_trained_network_is_evaluated_on_any_number_of_ranks(self):
        train(self.run_directory, *settings(training__epochs=1, model__layers=NORMALIZED), ranks=1)
        alone, on_three = (json.loads(run("evaluate", self.run_directory, "--json", ranks=ranks).stdout) for ranks in (1, 3))
        self.assertEqual(alone.keys(), on_three.keys())
        for name, value in alone.items():
            if isinstance(value, float):
                self.assertAlmostEqual(on_three[name], value, places=6, msg=name)


if __name__ == "__main__":
    system_test.main()
