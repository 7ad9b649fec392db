#include "builtin_sources.h"

#include <lockstep/data/adding_problem_source.h>
#include <lockstep/data/csv_source.h>
#include <lockstep/data/friedman_source.h>
#include <lockstep/data/glyph_source.h>
#include <lockstep/data/hdf5_source.h>
#include <lockstep/data/idx_source.h>
#include <lockstep/data/image_source.h>
#include <lockstep/data/npy_source.h>

namespace lockstep {

namespace {

template <typename T>
void add(Registry<Source>& registry, const char* type) {
    registry.add(type, T::from_config, T::help());
}

}  // namespace

void add_builtin_sources(Registry<Source>& registry) {
    add<AddingProblemSource>(registry, "adding_problem");
    add<CsvSource>(registry, "csv");
    add<FriedmanSource>(registry, "friedman");
    add<GlyphSource>(registry, "glyphs");
    add<Hdf5Source>(registry, "hdf5");
    add<IdxSource>(registry, "idx");
    add<ImageSource>(registry, "images");
    add<NpySource>(registry, "npy");
}

}  // namespace lockstep
