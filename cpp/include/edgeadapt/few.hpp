// A fixed number of plain values, known when it is made: up to `N` of them cost no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace edgeadapt {

// Values start as zeros. Thread rule: as an array.
template <class T, std::size_t N>
class Few {
    static_assert(std::is_trivial_v<T>);

public:
    explicit Few(std::size_t size) : size_(size), more_(size > N ? new T[size]() : nullptr) {}

    [[nodiscard]] T* data() noexcept { return more_ ? more_.get() : few_.data(); }
    [[nodiscard]] const T* data() const noexcept { return more_ ? more_.get() : few_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] T& operator[](std::size_t index) noexcept { return data()[index]; }
    [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return data()[index]; }

private:
    std::size_t size_;
    std::array<T, N> few_{};
    std::unique_ptr<T[]> more_;
};

}  // namespace edgeadapt
