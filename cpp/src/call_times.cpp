#include "edgeadapt/call_times.hpp"

#include <algorithm>
#include <cmath>

namespace edgeadapt {

CallTimes::CallTimes() noexcept {
    // relaxed: whoever reads it was handed the object afterwards.
    for (auto& place : latest_) place.store(-1, std::memory_order_relaxed);
}

std::optional<Clock::duration> CallTimes::percentile(double share) const {
    std::array<Clock::rep, capacity> taken;
    std::size_t count = 0;
    for (const auto& place : latest_) {
        // relaxed: partner of the store in `add`.
        const Clock::rep elapsed = place.load(std::memory_order_relaxed);
        if (elapsed >= 0) taken[count++] = elapsed;
    }
    if (count == 0) return std::nullopt;
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(count)));
    const auto place = taken.begin() + static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(rank, 1, count) - 1);
    std::nth_element(taken.begin(), place, taken.begin() + static_cast<std::ptrdiff_t>(count));
    return Clock::duration(*place);
}

}  // namespace edgeadapt
