#include "arguments.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ParsedArguments parse(std::vector<const char*> words) {
    words.insert(words.begin(), "lockstep");
    return parse_arguments(static_cast<int>(words.size()), words.data());
}

TEST(Arguments, TrainTakesAJobAndChanges) {
    const ParsedArguments parsed =
        parse({"train", "--set", "a=1", "job.toml", "--set", "b=[1, 2]", "--run-dir", "r"});
    ASSERT_FALSE(parsed.exit_code.has_value()) << parsed.text;
    EXPECT_EQ(parsed.arguments.command, "train");
    EXPECT_EQ(parsed.arguments.job, "job.toml");
    EXPECT_THAT(parsed.arguments.overrides, ElementsAre("a=1", "b=[1, 2]"));
    EXPECT_EQ(parsed.arguments.run.run_dir, "r");
}

TEST(Arguments, LogFlagsAreStrongerThanTheJob) {
    const ParsedArguments parsed =
        parse({"train", "job.toml", "--log-level", "warning", "--log-ranks", "all", "-q"});
    const log::Options options = parsed.arguments.log.apply({});
    EXPECT_EQ(options.level, log::Level::warning);
    EXPECT_EQ(options.ranks.who, log::Ranks::Who::all);
    EXPECT_TRUE(options.quiet);
}

TEST(Arguments, EvaluateTakesTheLastCheckpoint) {
    const ParsedArguments parsed = parse({"evaluate", "runs/x", "--json"});
    EXPECT_EQ(parsed.arguments.checkpoint, "last");
    EXPECT_TRUE(parsed.arguments.json);
}

TEST(Arguments, ExportSaysToWhatAndWhere) {
    const ParsedArguments parsed = parse({"export", "runs/x", "--to", "keras", "--output", "x.weights.h5"});
    ASSERT_FALSE(parsed.exit_code.has_value()) << parsed.text;
    EXPECT_EQ(parsed.arguments.target, "runs/x");
    EXPECT_EQ(parsed.arguments.output, "x.weights.h5");
    EXPECT_EQ(parse({"export", "runs/x", "--to", "onnx", "--output", "x"}).exit_code, 2);
}

TEST(Arguments, JobsAreLookedAtForSomeRanksPerNode) {
    for (const char* command : {"check", "summary"}) {
        EXPECT_EQ(parse({command, "job.toml", "--ranks", "4"}).arguments.ranks, 4) << command;
        EXPECT_FALSE(parse({command, "job.toml"}).arguments.ranks) << command;
    }
}

TEST(Arguments, HelpAndVersionAreNoErrors) {
    EXPECT_EQ(parse({"--help"}).exit_code, 0);
    EXPECT_THAT(parse({"train", "--help"}).text, HasSubstr("--run-dir"));
    EXPECT_EQ(parse({"--version"}).exit_code, 0);
    EXPECT_THAT(parse({"--version"}).text, HasSubstr("lockstep 0."));
}

TEST(Arguments, ASlipInTheCommandIsRecognised) {
    EXPECT_THAT(parse({"trian", "job.toml"}).text, HasSubstr("did you mean \"train\"?"));
    EXPECT_THAT(parse({"deploy"}).text, HasSubstr("there are: train, evaluate"));
}

TEST(Arguments, MistakesAreUsageErrors) {
    for (const auto& words :
         std::vector<std::vector<const char*>>{{},
                                               {"trian", "job.toml"},
                                               {"train", "job.toml", "--epochs", "3"},
                                               {"train", "job.toml", "extra.toml"},
                                               {"predict", "runs/x", "--output", "p.h5"},
                                               {"check", "job.toml", "--ranks", "0"},
                                               {"train", "job.toml", "--log-level", "loud"},
                                               {"train", "job.toml", "--resume", "auto"}}) {
        const ParsedArguments parsed = parse(words);
        EXPECT_EQ(parsed.exit_code, 2) << testing::PrintToString(words);
        EXPECT_NE(parsed.text, "");
    }
}

}  // namespace
}  // namespace lockstep
