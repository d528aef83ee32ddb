// Calls something at a time, unless that is over before: one thread a process for all of them, started by the first.
#pragma once

#include <functional>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// Thread rule: one thread makes and destroys it. `on_time` runs on the watching thread with its lock held: it must be
// quick, must not throw, and must make or destroy no deadline.
class Deadline {
public:
    Deadline(Clock::time_point until, std::function<void()> on_time);
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    // After it, `on_time` neither runs nor will.
    ~Deadline();

private:
    const Clock::time_point until_;
};

}  // namespace edgeadapt
