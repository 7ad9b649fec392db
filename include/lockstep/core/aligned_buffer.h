#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace lockstep {

inline constexpr std::size_t kCacheLine = 64;

/// A fixed number of zeroed elements on a cache-line boundary. Move-only.
template <typename T>
class AlignedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    AlignedBuffer() = default;

    /// Throws std::bad_alloc.
    explicit AlignedBuffer(std::size_t size) : size_(size) {
        if (size == 0) return;
        memory_.reset(static_cast<T*>(::operator new[](size * sizeof(T), std::align_val_t{kCacheLine})));
        std::uninitialized_value_construct_n(memory_.get(), size);
    }

    T* data() { return memory_.get(); }
    const T* data() const { return memory_.get(); }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }

    std::span<T> span() { return {data(), size_}; }
    std::span<const T> span() const { return {data(), size_}; }
    T& operator[](std::size_t index) { return memory_.get()[index]; }
    const T& operator[](std::size_t index) const { return memory_.get()[index]; }

private:
    struct Release {
        void operator()(T* memory) const { ::operator delete[](memory, std::align_val_t{kCacheLine}); }
    };

    std::unique_ptr<T[], Release> memory_;
    std::size_t size_ = 0;
};

}  // namespace lockstep
