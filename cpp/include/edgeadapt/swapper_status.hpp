// What a swapper counts, and what it shows of itself: values, filled in under its mutex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "edgeadapt/generation.hpp"
#include "edgeadapt/lifecycle.hpp"

namespace edgeadapt {

// Of requests to serve: attempted = succeeded + failed + superseded + timed_out + cancelled, once nothing is open.
// The rest counts apart; a rollback by request is among the succeeded too.
struct Counters {
    std::uint64_t attempted = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t superseded = 0;
    std::uint64_t timed_out = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t joined = 0;
    std::uint64_t preloaded = 0;        // preloads that ended well
    std::uint64_t preloads_failed = 0;  // preloads that ended otherwise
    std::uint64_t gaps = 0;
    std::uint64_t rolled_back = 0;  // times that a variant came back, asked for or not
    std::uint64_t untold = 0;       // events left out of a backlog
};

enum class Serving : std::uint8_t { something, nothing_yet_in_a_gap, nothing };

struct ProbationStatus {
    std::string variant;
    std::uint64_t inferences = 0;
    std::uint64_t errors = 0;
    Clock::duration left{};
};

struct Status {
    std::optional<std::string> active;
    std::uint64_t generation = 0;
    std::optional<std::string> requested;  // the open request's variant
    State stage = State::idle;             // and where it is
    bool is_waiting_for_room = false;      // it waits for an old generation to end
    std::optional<std::string> preloading;
    std::vector<std::string> preloaded;  // oldest first
    std::optional<std::string> previous;  // what a rollback leads to
    std::optional<ProbationStatus> probation;
    bool is_in_gap = false;
    std::size_t resident = 0;
    std::optional<Clock::duration> oldest_lease_age;  // of a lease that keeps an old generation
    bool is_closed = false;
};

}  // namespace edgeadapt
