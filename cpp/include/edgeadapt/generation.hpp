// One generation of what serves: a variant, its number, and whatever a backend made for it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "edgeadapt/call_times.hpp"
#include "edgeadapt/clock.hpp"

namespace edgeadapt {

class Trial;

// Something the core keeps and destroys without knowing what it is; its deleter must not throw. Shared, because what
// was loaded once may serve under several numbers: kept ahead of its swap, or put back after it.
// INVARIANT: the last reference goes on the reaper's thread. Generations alone hold payloads, and only the reaper
// destroys generations; a payload on its way into one is moved or copied under a lock that keeps another one alive, or
// is held by the loader, which leaves it to a generation however the load ends.
using Payload = std::shared_ptr<void>;

inline Payload no_payload() noexcept { return nullptr; }

// Thread rule: what is const never changes; the rest belongs to the slot's mutex.
struct Generation {
    Generation(std::uint64_t number_, std::string variant_, Payload payload_, std::shared_ptr<Trial> trial_ = nullptr)
        : number(number_), variant(std::move(variant_)), payload(std::move(payload_)), trial(std::move(trial_)) {}

    const std::uint64_t number;  // 0: it never served
    const std::string variant;
    const Payload payload;
    const std::shared_ptr<Trial> trial;  // its probation, where it got one; open or over
    const std::shared_ptr<CallTimes> call_times = std::make_shared<CallTimes>();  // shared with who observes it

    std::list<Clock::time_point> held_since;  // one entry a held lease, oldest first
    Clock::time_point retired_at{};
    bool is_retired = false;
    bool is_kept = false;  // the swapper may need its payload again
};

}  // namespace edgeadapt
