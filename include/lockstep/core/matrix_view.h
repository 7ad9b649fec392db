#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace lockstep {

/// A row-major matrix that somebody else owns; rows lie one behind the other without gaps.
template <typename T>
class MatrixView {
public:
    MatrixView() = default;
    MatrixView(T* data, std::size_t rows, std::size_t columns)
        : data_(data), rows_(rows), columns_(columns) {}

    /// A view that may write also serves where one that only reads is asked for.
    operator MatrixView<const T>() const  // NOLINT(google-explicit-constructor)
        requires(!std::is_const_v<T>) {
        return {data_, rows_, columns_};
    }

    T* data() const { return data_; }
    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    std::size_t size() const { return rows_ * columns_; }
    bool empty() const { return size() == 0; }

    std::span<T> values() const { return {data_, size()}; }
    std::span<T> row(std::size_t index) const { return {data_ + index * columns_, columns_}; }

    /// Rows [first, first + count).
    MatrixView rows(std::size_t first, std::size_t count) const {
        return {data_ + first * columns_, count, columns_};
    }

private:
    T* data_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
};

using Matrix = MatrixView<float>;
using ConstMatrix = MatrixView<const float>;

}  // namespace lockstep
