#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <lockstep/core/error.h>
#include <lockstep/data/paths.h>

#include "error_of.h"
#include "scratch_test.h"

namespace lockstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Config setting(const std::string& text) {
    Config value(text);
    value.set_origin({"job.toml", 12}, "data.train.file");
    return value;
}

class PathsTest : public ScratchTest {
protected:
    PathsTest() {
        for (const char* name : {"run_2.h5", "run_10.h5", "run_1.h5", "other.h5"}) write(name, {});
        setenv("LOCKSTEP_TEST_NAME", "run", 1);
        unsetenv("LOCKSTEP_TEST_NOTHING");
    }
};

TEST_F(PathsTest, ExpandsVariables) {
    EXPECT_EQ(expand_variables("a/${LOCKSTEP_TEST_NAME}/b-${LOCKSTEP_TEST_NAME}"), "a/run/b-run");
    EXPECT_EQ(expand_variables("$HOME costs $5"), "$HOME costs $5");
    EXPECT_THAT(error_of<Error>([] { expand_variables("${LOCKSTEP_TEST_NOTHING}/x"); }),
                HasSubstr("LOCKSTEP_TEST_NOTHING is not set"));
    EXPECT_THROW(expand_variables("${OPEN"), ConfigError);
}

TEST_F(PathsTest, RelativePathsStartAtTheGivenDirectory) {
    EXPECT_EQ(data_file(setting("${LOCKSTEP_TEST_NAME}_1.h5"), directory_), path("run_1.h5"));
    EXPECT_EQ(data_file(setting(path("other.h5")), "/elsewhere"), path("other.h5"));
}

TEST_F(PathsTest, PatternsGiveFilesInNameOrder) {
    EXPECT_THAT(data_files(setting("run_*.h5"), directory_),
                ElementsAre(path("run_1.h5"), path("run_10.h5"), path("run_2.h5")));
    EXPECT_THAT(data_files(setting("other.h5"), directory_), ElementsAre(path("other.h5")));
}

TEST_F(PathsTest, MessagesSayWhereTheSettingIs) {
    EXPECT_EQ(error_of<Error>([&] { data_file(setting("gone.h5"), directory_); }),
              "job.toml:12: data.train.file: there is no file " + path("gone.h5") +
                  " (relative paths start at the job file)");
    EXPECT_THAT(error_of<Error>([&] { data_files(setting("gone_*.h5"), directory_); }),
                HasSubstr("job.toml:12: data.train.file: no file matches"));
    EXPECT_THAT(error_of<Error>([&] { data_file(setting("${LOCKSTEP_TEST_NOTHING}"), directory_); }),
                HasSubstr("job.toml:12: data.train.file: \"${LOCKSTEP_TEST_NOTHING}\""));
    EXPECT_THAT(error_of<Error>([&] { data_file(setting("."), directory_); }), HasSubstr("is a directory"));
    EXPECT_THAT(error_of<Error>([&] { data_file(setting(""), directory_); }), HasSubstr("got an empty text"));
}

// Reading a pipe that nobody writes to never ends.
TEST_F(PathsTest, RefusesPipesAndDevices) {
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    EXPECT_THAT(error_of<IoError>([&] { data_file(setting("pipe"), directory_); }),
                HasSubstr("is a pipe or a device; expected a file"));
    EXPECT_THAT(error_of<IoError>([&] { data_files(setting("/dev/zero"), directory_); }),
                HasSubstr("device"));
}

}  // namespace
}  // namespace lockstep
