// What sessions remember between two steps; the same as `runtime/memory.py`, in numbers, for one device or many.
// Phases and bands stand apart from times, so that a step in which nothing changes touches a few bytes a device.
//
// Thread rule: each device is used by one thread at a time; different devices may be used at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "edgeadapt/plan.hpp"

namespace edgeadapt {

enum class Phase : std::uint8_t { idle, pending, active, ending };

struct RuleTimes {
    Ns since = never;
    Ns ended = never;
    Ns entry = never;
    Ns exit = never;
};

struct DeviceMemory {
    std::int32_t active = -1;
    Ns last = never;
    std::vector<Ns> commits;
};

class PolicyMemory {
  public:
    PolicyMemory(const Plan& plan, std::size_t devices)
        : devices_(devices),
          bands_(static_cast<std::size_t>(plan.bands) * devices, no),
          phases_(plan.rules.size() * devices, Phase::idle),
          times_(plan.rules.size() * devices),
          each_(devices) {}

    std::size_t devices() const { return devices_; }
    // Rows of one entry a device, from `device` on; the next row is `devices()` further.
    Truth* bands(std::size_t device) { return bands_.data() + device; }
    Phase* phases(std::size_t rule, std::size_t device) { return phases_.data() + rule * devices_ + device; }
    RuleTimes* times(std::size_t rule, std::size_t device) { return times_.data() + rule * devices_ + device; }
    DeviceMemory& device(std::size_t index) { return each_[index]; }

  private:
    std::size_t devices_;
    std::vector<Truth> bands_;
    std::vector<Phase> phases_;
    std::vector<RuleTimes> times_;
    std::vector<DeviceMemory> each_;
};

inline bool takes_part(Phase phase) { return phase >= Phase::active; }

// One rule's step, section 5 of the language: `until` is X, so for a rule without one: `when` is not true.
inline void advance(Phase& phase, RuleTimes& times, const RulePlan& rule, Truth when, Truth until, Ns t) {
    if (takes_part(phase)) {
        if (until != yes) {
            if (phase == Phase::ending) {
                phase = Phase::active;
                times.exit = never;
            }
            return;
        }
        if (times.exit == never) times.exit = t;
        if (t - times.exit >= rule.linger_ns && t - times.since >= rule.hold_ns) {
            phase = Phase::idle;
            times = RuleTimes{never, t, never, never};
        } else {
            phase = Phase::ending;
        }
        return;
    }
    if (when != yes || until == yes) {
        if (phase == Phase::pending) {
            phase = Phase::idle;
            times.entry = never;
        }
        return;
    }
    if (times.entry == never) times.entry = t;
    const bool rested = times.ended == never || t - times.ended >= rule.cooldown_ns;
    if (rested && t - times.entry >= rule.for_ns) {
        phase = Phase::active;
        times = RuleTimes{t, times.ended, never, never};
    } else {
        phase = Phase::pending;
    }
}

}  // namespace edgeadapt
