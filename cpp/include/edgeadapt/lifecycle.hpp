// The life of one swap request, as a table of data.
//
// A request starts `idle` (it waits in the mailbox), passes the stages of a load, and ends once. `releasing` is where the
// old generation goes first, in a gap. What the table does not hold is refused and changes nothing; the docs' diagram
// and the tests are made from the same rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace edgeadapt {

enum class State : std::uint8_t {
    idle,
    checking,
    releasing,
    loading,
    warming,
    validating,
    committed,
    preloaded,
    rolled_back,
    failed,
    superseded,
    timed_out,
    cancelled,
};

// `found`, `keep` and `restore` lead to the three good ends: it serves, it is kept beside what serves, it serves again.
// From `idle` they take what is resident already, without a load.
enum class Trigger : std::uint8_t {
    begin,
    checked,
    release,
    released,
    loaded,
    warmed,
    validated,
    found,
    keep,
    restore,
    fail,
    supersede,
    time_out,
    cancel,
};

struct Transition {
    State from;
    Trigger trigger;
    State to;
};

inline constexpr std::array<State, 13> all_states{
    State::idle,      State::checking,  State::releasing,   State::loading, State::warming,    State::validating,
    State::committed, State::preloaded, State::rolled_back, State::failed,  State::superseded, State::timed_out,
    State::cancelled,
};

inline constexpr std::array<Trigger, 14> all_triggers{
    Trigger::begin,     Trigger::checked, Trigger::release, Trigger::released, Trigger::loaded,
    Trigger::warmed,    Trigger::validated, Trigger::found, Trigger::keep,     Trigger::restore,
    Trigger::fail,      Trigger::supersede, Trigger::time_out, Trigger::cancel,
};

inline constexpr std::array<Transition, 35> transitions{{
    {State::idle, Trigger::begin, State::checking},
    {State::checking, Trigger::checked, State::loading},
    {State::checking, Trigger::release, State::releasing},
    {State::releasing, Trigger::released, State::loading},
    {State::loading, Trigger::loaded, State::warming},
    {State::warming, Trigger::warmed, State::validating},

    {State::validating, Trigger::validated, State::committed},
    {State::validating, Trigger::keep, State::preloaded},
    {State::validating, Trigger::restore, State::rolled_back},
    {State::idle, Trigger::found, State::committed},
    {State::idle, Trigger::keep, State::preloaded},
    {State::idle, Trigger::restore, State::rolled_back},

    {State::checking, Trigger::fail, State::failed},
    {State::releasing, Trigger::fail, State::failed},
    {State::loading, Trigger::fail, State::failed},
    {State::warming, Trigger::fail, State::failed},
    {State::validating, Trigger::fail, State::failed},

    {State::idle, Trigger::supersede, State::superseded},
    {State::checking, Trigger::supersede, State::superseded},
    {State::releasing, Trigger::supersede, State::superseded},
    {State::loading, Trigger::supersede, State::superseded},
    {State::warming, Trigger::supersede, State::superseded},
    {State::validating, Trigger::supersede, State::superseded},

    {State::idle, Trigger::time_out, State::timed_out},
    {State::checking, Trigger::time_out, State::timed_out},
    {State::releasing, Trigger::time_out, State::timed_out},
    {State::loading, Trigger::time_out, State::timed_out},
    {State::warming, Trigger::time_out, State::timed_out},
    {State::validating, Trigger::time_out, State::timed_out},

    {State::idle, Trigger::cancel, State::cancelled},
    {State::checking, Trigger::cancel, State::cancelled},
    {State::releasing, Trigger::cancel, State::cancelled},
    {State::loading, Trigger::cancel, State::cancelled},
    {State::warming, Trigger::cancel, State::cancelled},
    {State::validating, Trigger::cancel, State::cancelled},
}};

[[nodiscard]] std::string_view name(State state) noexcept;
[[nodiscard]] std::string_view name(Trigger trigger) noexcept;

// Where `trigger` leads from `from`, or nothing where the table has no such row.
[[nodiscard]] std::optional<State> next_state(State from, Trigger trigger) noexcept;

// True for a state that nothing leads out of.
[[nodiscard]] bool is_final(State state) noexcept;

// One request's place in the table. Thread rule: none of its own; its owner's mutex guards it.
class Lifecycle {
public:
    [[nodiscard]] State state() const noexcept { return state_; }

    // Follows the table; returns false and stays where it is when the table has no such row.
    [[nodiscard]] bool apply(Trigger trigger) noexcept;

private:
    State state_ = State::idle;
};

}  // namespace edgeadapt
