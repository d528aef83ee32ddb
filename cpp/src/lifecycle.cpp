#include "edgeadapt/lifecycle.hpp"

#include <algorithm>

namespace edgeadapt {

std::string_view name(State state) noexcept {
    switch (state) {
        case State::idle: return "idle";
        case State::checking: return "checking";
        case State::releasing: return "releasing";
        case State::loading: return "loading";
        case State::warming: return "warming";
        case State::validating: return "validating";
        case State::committed: return "committed";
        case State::preloaded: return "preloaded";
        case State::rolled_back: return "rolled_back";
        case State::failed: return "failed";
        case State::superseded: return "superseded";
        case State::timed_out: return "timed_out";
        case State::cancelled: return "cancelled";
    }
    return "";
}

std::string_view name(Trigger trigger) noexcept {
    switch (trigger) {
        case Trigger::begin: return "begin";
        case Trigger::checked: return "checked";
        case Trigger::release: return "release";
        case Trigger::released: return "released";
        case Trigger::loaded: return "loaded";
        case Trigger::warmed: return "warmed";
        case Trigger::validated: return "validated";
        case Trigger::found: return "found";
        case Trigger::keep: return "keep";
        case Trigger::restore: return "restore";
        case Trigger::fail: return "fail";
        case Trigger::supersede: return "supersede";
        case Trigger::time_out: return "time_out";
        case Trigger::cancel: return "cancel";
    }
    return "";
}

std::optional<State> next_state(State from, Trigger trigger) noexcept {
    for (const Transition& row : transitions) {
        if (row.from == from && row.trigger == trigger) return row.to;
    }
    return std::nullopt;
}

bool is_final(State state) noexcept {
    return std::none_of(transitions.begin(), transitions.end(),
                        [state](const Transition& row) { return row.from == state; });
}

bool Lifecycle::apply(Trigger trigger) noexcept {
    const std::optional<State> next = next_state(state_, trigger);
    if (!next) return false;
    state_ = *next;
    return true;
}

}  // namespace edgeadapt
