#include "support/path_template.h"

#include <gmock/gmock.h>

#include <lockstep/core/error.h>

#include "fake_run.h"

namespace lockstep {
namespace {

using testing::HasSubstr;

TEST(PathTemplate, MissingKeyListsThoseThereAre) {
    const std::string message = error_of<ConfigError>([&] {
        PathTemplate("{val_acc:.2f}.h5").render({}, make_logs({{"loss", 1}, {"accuracy", 1}}));
    });
    EXPECT_THAT(message, HasSubstr("no key \"val_acc\"; known: epoch, step, batch, loss, accuracy"));
}

TEST(PathTemplate, RefusesSlipsBeforeTraining) {
    EXPECT_THROW(PathTemplate("epoch-{epoch.h5"), ConfigError);
    EXPECT_THROW(PathTemplate("epoch-epoch}.h5"), ConfigError);
    EXPECT_THROW(PathTemplate("{}.h5"), ConfigError);
    EXPECT_THAT(error_of<ConfigError>([] { PathTemplate("{epoch:.2f}.h5"); }),
                HasSubstr("the format of epoch"));
}

}  // namespace
}  // namespace lockstep
