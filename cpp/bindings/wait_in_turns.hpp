// Waiting without the GIL, in short turns, so that an interrupt from the keyboard gets through.
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "edgeadapt/generation.hpp"
#include "python_thread.hpp"

// The moment `timeout_s` from now; none where that is none or for ever. Throws ValueError for what is no time.
inline std::optional<edgeadapt::Clock::time_point> moment_in(std::optional<double> timeout_s) {
    using edgeadapt::Clock;
    if (!timeout_s) return std::nullopt;
    if (!(*timeout_s >= 0)) throw nanobind::value_error("`timeout_s` is a number of seconds, not negative");
    // A year is for ever, and more than a clock's type can hold would wrap around.
    if (*timeout_s >= 3.15e7) return std::nullopt;
    return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(*timeout_s));
}

// Calls `await(until)` without the GIL until it returns true or the time is over (none: never); it must not throw.
template <class Await>
bool wait_in_turns(std::optional<edgeadapt::Clock::time_point> until, Await&& await) {
    using edgeadapt::Clock;
    constexpr auto turn = std::chrono::milliseconds(50);
    for (;;) {
        bool is_done = false;
        const Clock::time_point next = Clock::now() + turn;
        without_gil([&] { is_done = await(until ? std::min(*until, next) : next); });
        if (is_done || (until && Clock::now() >= *until)) return is_done;
        if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
    }
}
