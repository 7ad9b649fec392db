#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/data/joined_source.h>
#include <lockstep/data/layout.h>

namespace lockstep {

/// Samples of HDF5 files.
class Hdf5Source final : public JoinedSource {
public:
    struct Options {
        std::vector<std::string> files;
        std::vector<std::string> inputs;        // datasets [samples, ...]
        std::vector<std::string> targets = {};  // may be empty
        std::optional<std::string> sample_weight = {};
        float scale = 1.0F;  // of the inputs
        Layout layout = Layout::channels_last;
        bool allow_links = false;
    };

    /// Opens all files. Throws IoError, or DataError naming both parties if shapes or numbers of samples do
    /// not agree.
    explicit Hdf5Source(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

private:
    static Parts open(const Options& options);
};

}  // namespace lockstep
