// Gives freed memory back to the system, which glibc else keeps: it takes 18–25 ms, so not after every unload.
#pragma once

#include <functional>
#include <optional>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// Calls malloc_trim where there is one.
void trim_memory() noexcept;

// Thread rule: the reaper's thread only.
class Trimmer {
public:
    Trimmer(std::function<void()> trim, Clock::duration interval) : trim_(std::move(trim)), interval_(interval) {}

    void ask() noexcept { is_due_ = true; }
    // When it wants to run, where something was freed since it last ran.
    [[nodiscard]] std::optional<Clock::time_point> due_at() const;
    void run_if_due(Clock::time_point now);

private:
    std::function<void()> trim_;
    Clock::duration interval_;
    std::optional<Clock::time_point> last_;
    bool is_due_ = false;
};

}  // namespace edgeadapt
