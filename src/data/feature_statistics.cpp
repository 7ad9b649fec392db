#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <lockstep/core/error.h>
#include <lockstep/data/feature_statistics.h>

#include "feature_count.h"

namespace lockstep {

FeatureStatistics::FeatureStatistics(std::size_t features)
    : mean_(features, 0.0),
      squares_(features, 0.0),
      minimum_(features, std::numeric_limits<double>::infinity()),
      maximum_(features, -std::numeric_limits<double>::infinity()) {}

void FeatureStatistics::add(ConstMatrix values) {
    require_features("feature statistics", values.columns(), mean_.size());
    if (values.rows() == 0) return;
    FeatureStatistics part(mean_.size());
    part.count_ = values.rows();
    for (std::size_t row = 0; row < values.rows(); ++row) {
        const std::span<const float> features = values.row(row);
        for (std::size_t i = 0; i < features.size(); ++i) {
            const double value = features[i];
            part.mean_[i] += value;
            part.minimum_[i] = std::min(part.minimum_[i], value);
            part.maximum_[i] = std::max(part.maximum_[i], value);
        }
    }
    for (double& mean : part.mean_) mean /= static_cast<double>(part.count_);
    for (std::size_t row = 0; row < values.rows(); ++row) {
        const std::span<const float> features = values.row(row);
        for (std::size_t i = 0; i < features.size(); ++i) {
            const double deviation = static_cast<double>(features[i]) - part.mean_[i];
            part.squares_[i] += deviation * deviation;
        }
    }
    merge(part);
}

void FeatureStatistics::merge(const FeatureStatistics& other) {
    require_features("feature statistics", other.mean_.size(), mean_.size());
    if (other.count_ == 0) return;
    const double own = static_cast<double>(count_);
    const double others = static_cast<double>(other.count_);
    const double share = others / (own + others);
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        const double difference = other.mean_[i] - mean_[i];
        mean_[i] += difference * share;
        squares_[i] += other.squares_[i] + difference * difference * own * share;
        minimum_[i] = std::min(minimum_[i], other.minimum_[i]);
        maximum_[i] = std::max(maximum_[i], other.maximum_[i]);
    }
    count_ += other.count_;
}

std::vector<double> FeatureStatistics::serialize() const {
    std::vector<double> numbers{static_cast<double>(count_)};
    for (const auto* part : {&mean_, &squares_, &minimum_, &maximum_})
        numbers.insert(numbers.end(), part->begin(), part->end());
    return numbers;
}

FeatureStatistics FeatureStatistics::deserialize(std::span<const double> numbers) {
    if (numbers.size() % 4 != 1)
        throw ShapeError("feature statistics: expected 1 + 4 * features numbers, got " +
                         std::to_string(numbers.size()));
    const std::size_t features = numbers.size() / 4;
    FeatureStatistics statistics(features);
    statistics.count_ = static_cast<std::uint64_t>(numbers[0]);
    std::span<const double> rest = numbers.subspan(1);
    for (auto* part : {&statistics.mean_, &statistics.squares_, &statistics.minimum_, &statistics.maximum_}) {
        std::copy_n(rest.begin(), features, part->begin());
        rest = rest.subspan(features);
    }
    return statistics;
}

std::vector<double> FeatureStatistics::variances() const {
    std::vector<double> variances = squares_;
    for (double& variance : variances) variance /= static_cast<double>(count_);
    return variances;
}

void FeatureStatistics::require_finite() const {
    if (count_ == 0) throw DataError("normalization: there are no samples");
    const auto bad = std::ranges::find_if_not(squares_, [](double value) { return std::isfinite(value); });
    if (bad != squares_.end())
        throw DataError("normalization: feature " + std::to_string(bad - squares_.begin()) +
                        " has NaN or infinite values");
}

FeatureScaling FeatureStatistics::scaling(std::string_view kind, std::vector<std::size_t>& constant) const {
    const bool standard = kind == "standard";
    if (!standard && kind != "minmax")
        throw ConfigError("there is no normalization \"" + std::string(kind) + "\"; known: standard, minmax");
    require_finite();
    FeatureScaling made;
    for (std::size_t i = 0; i < mean_.size(); ++i) {
        const double spread =
            standard ? std::sqrt(squares_[i] / static_cast<double>(count_)) : maximum_[i] - minimum_[i];
        const double factor = 1.0 / spread;
        // A spread of zero, or one so small that its inverse is no float.
        const bool flat = minimum_[i] == maximum_[i] || factor > std::numeric_limits<float>::max();
        if (flat) constant.push_back(i);
        const double center = standard || flat ? mean_[i] : minimum_[i];
        made.factor.push_back(flat ? 1.0F : static_cast<float>(factor));
        made.offset.push_back(static_cast<float>(flat ? -center : -center * factor));
    }
    return made;
}

}  // namespace lockstep
