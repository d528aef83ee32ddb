// How long the latest inferences on one generation took, and how many there were since it began to serve.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "edgeadapt/clock.hpp"

namespace edgeadapt {

// Thread rule: any thread. Adding is two atomic steps, and no lock.
class CallTimes {
public:
    // How many durations are kept; a power of two, so that a place is a mask away.
    static constexpr std::size_t capacity = 1024;

    CallTimes() noexcept;

    void add(Clock::duration elapsed) noexcept {
        // relaxed, both: figures to show; nothing is read through them. Partners: the loads in `calls` and `percentile`.
        const std::uint64_t call = calls_.fetch_add(1, std::memory_order_relaxed);
        latest_[call % capacity].store(elapsed.count(), std::memory_order_relaxed);
    }

    // relaxed: partner of the counting in `add`.
    [[nodiscard]] std::uint64_t calls() const noexcept { return calls_.load(std::memory_order_relaxed); }

    // The shortest of the kept durations that `share` of them do not exceed; none before the first.
    [[nodiscard]] std::optional<Clock::duration> percentile(double share) const;

private:
    std::atomic<std::uint64_t> calls_{0};
    // Negative: not written yet. A call has its place before it has written to it.
    std::array<std::atomic<Clock::rep>, capacity> latest_;
};

}  // namespace edgeadapt
