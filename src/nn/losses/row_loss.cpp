#include <lockstep/math/kernels.h>
#include <lockstep/nn/losses/row_loss.h>

namespace lockstep {

double RowLoss::compute(ConstMatrix outputs, ConstMatrix targets, std::span<const float> weights,
                        Matrix gradient) const {
    double sum = 0.0;
    for (std::size_t row = 0; row < outputs.rows(); ++row) {
        const std::span<float> row_gradient = gradient.empty() ? std::span<float>() : gradient.row(row);
        const double loss = sample_loss(outputs.row(row), targets.row(row), row_gradient);
        if (weights.empty()) {
            sum += loss;
            continue;
        }
        sum += static_cast<double>(weights[row]) * loss;
        math::scale(row_gradient, weights[row], row_gradient);
    }
    return sum;
}

}  // namespace lockstep
