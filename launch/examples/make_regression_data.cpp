// Writes data for launch/jobs/regression-hdf5.toml: a smooth function of eight inputs in two datasets, with
// three targets.
//
//     make_regression_data training.h5 20000          (file, samples, seed)
//     make_regression_data validation.h5 4000 2
//
//     /p [N, 3]  pressures, about 1e5 Pa      /T [N, 5]  temperatures, 250 to 350 K      /energy [N, 3]
//
// The inputs are in their units: normalize = "standard" in the job file is there to be tried.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <lockstep/core/error.h>
#include <lockstep/core/random.h>
#include <lockstep/io/archive.h>

namespace {

constexpr std::size_t kPressures = 3;
constexpr std::size_t kTemperatures = 5;
constexpr std::size_t kTargets = 3;

/// The targets in joule, from inputs that are uniform in [0, 1).
std::array<float, kTargets> energies(std::span<const float> p, std::span<const float> t) {
    return {200.0F * std::sin(3.0F * p[0] * p[1]) + 50.0F * t[0],
            100.0F * p[2] * p[2] + 80.0F * std::exp(-2.0F * t[1]) * t[2],
            60.0F * std::cos(2.0F * (p[0] - t[3])) + 40.0F * t[4] * p[1]};
}

void write(const std::string& file, std::size_t samples, std::uint64_t seed) {
    const lockstep::RandomStream random(seed, lockstep::Purpose::synthetic_data);
    std::vector<float> pressures, temperatures, targets;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        std::array<float, kPressures + kTemperatures> unit;
        random.uniform(sample, 0, unit);
        const std::span p = std::span(unit).first(kPressures);
        const std::span t = std::span(unit).last(kTemperatures);
        for (const float value : p) pressures.push_back(0.9e5F + 0.2e5F * value);
        for (const float value : t) temperatures.push_back(250.0F + 100.0F * value);
        const auto energy = energies(p, t);
        targets.insert(targets.end(), energy.begin(), energy.end());
    }
    lockstep::io::ArchiveWriter writer(file, "lockstep.regression/1");
    writer.array("/p", pressures, {samples, kPressures});
    writer.array("/T", temperatures, {samples, kTemperatures});
    writer.array("/energy", targets, {samples, kTargets});
    writer.commit();
}

std::uint64_t whole_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw lockstep::ConfigError("expected a whole number, got \"" + std::string(text) + "\"");
    return value;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 4) {
        std::cerr << "usage: make_regression_data FILE.h5 SAMPLES [SEED]\n";
        return 2;
    }
    try {
        write(argv[1], whole_number(argv[2]), argc == 4 ? whole_number(argv[3]) : 1);
    } catch (const lockstep::Error& error) {
        std::cerr << "make_regression_data: " << error.what() << "\n";
        return static_cast<int>(error.exit_code());
    }
    return 0;
}
