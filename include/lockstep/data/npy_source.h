#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <lockstep/core/registry.h>
#include <lockstep/data/joined_source.h>
#include <lockstep/data/layout.h>

namespace lockstep {

/// Samples of NumPy's files: arrays of numbers in C order, as .npy files or in .npz archives.
class NpySource final : public JoinedSource {
public:
    /// An array [samples, ...]: the files one behind the other.
    struct Array {
        std::vector<std::string> files;
        std::string member = {};  // its name in the archives; empty: the files are .npy
    };

    struct Options {
        std::vector<Array> inputs;
        std::vector<Array> targets = {};  // may be empty
        std::optional<Array> sample_weight = {};
        float scale = 1.0F;  // of the inputs
        Layout layout = Layout::channels_last;
    };

    /// Opens all files. Throws IoError, or DataError if one is damaged, holds anything but numbers in C
    /// order, or, naming both parties, if shapes or numbers of samples do not agree.
    explicit NpySource(const Options& options);

    static const TypeHelp& help();
    static std::unique_ptr<Source> from_config(const Config& keys);

private:
    static Parts open(const Options& options);
};

}  // namespace lockstep
