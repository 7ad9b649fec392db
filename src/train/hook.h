#pragma once

#include <string_view>

#include <lockstep/train/callback.h>

namespace lockstep {

/// A hook and its name.
template <typename... Parameters>
struct Hook {
    void (Callback::*call)(Parameters...);
    std::string_view name;
};
template <typename... Parameters>
Hook(void (Callback::*)(Parameters...), const char*) -> Hook<Parameters...>;

namespace hook {
inline constexpr Hook train_begin{&Callback::on_train_begin, "on_train_begin"};
inline constexpr Hook train_end{&Callback::on_train_end, "on_train_end"};
inline constexpr Hook test_begin{&Callback::on_test_begin, "on_test_begin"};
inline constexpr Hook test_end{&Callback::on_test_end, "on_test_end"};
inline constexpr Hook predict_begin{&Callback::on_predict_begin, "on_predict_begin"};
inline constexpr Hook predict_end{&Callback::on_predict_end, "on_predict_end"};
inline constexpr Hook epoch_begin{&Callback::on_epoch_begin, "on_epoch_begin"};
inline constexpr Hook epoch_end{&Callback::on_epoch_end, "on_epoch_end"};
inline constexpr Hook train_batch_begin{&Callback::on_train_batch_begin, "on_train_batch_begin"};
inline constexpr Hook train_batch_end{&Callback::on_train_batch_end, "on_train_batch_end"};
inline constexpr Hook test_batch_begin{&Callback::on_test_batch_begin, "on_test_batch_begin"};
inline constexpr Hook test_batch_end{&Callback::on_test_batch_end, "on_test_batch_end"};
inline constexpr Hook predict_batch_begin{&Callback::on_predict_batch_begin, "on_predict_batch_begin"};
inline constexpr Hook predict_batch_end{&Callback::on_predict_batch_end, "on_predict_batch_end"};
}  // namespace hook

}  // namespace lockstep
