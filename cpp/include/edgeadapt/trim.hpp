// Gives freed memory back to the system, which glibc else keeps: after a model of 100 MB that takes 6–17 ms, so not after
// every unload.
#pragma once

#include <functional>
#include <optional>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// Calls malloc_trim where there is one.
void trim_memory() noexcept;

// Thread rule: externally synchronised, but `trim`, which any thread may call.
class Trimmer {
public:
    Trimmer(std::function<void()> trim, Clock::duration interval) : trim_(std::move(trim)), interval_(interval) {}

    // Something was freed.
    void ask() noexcept { is_asked_ = true; }
    // When it wants to run; nothing where nothing was freed since it last ran.
    [[nodiscard]] std::optional<Clock::time_point> due_at() const;
    // Says whether it is due, and takes it to run now.
    [[nodiscard]] bool take(Clock::time_point now);
    void trim() const { trim_(); }

private:
    std::function<void()> trim_;
    Clock::duration interval_;
    std::optional<Clock::time_point> last_;
    bool is_asked_ = false;
};

}  // namespace edgeadapt
