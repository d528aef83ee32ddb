// The life of one swap request, as a table of data.
//
// A request starts `idle` (it waits in the mailbox), passes the stages of a load, and ends once. What the table does
// not hold is refused and changes nothing; the docs' diagram and the tests are made from the same rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace edgeadapt {

enum class State : std::uint8_t {
    idle,
    checking,
    loading,
    warming,
    validating,
    committed,
    failed,
    superseded,
    timed_out,
    cancelled,
};

enum class Trigger : std::uint8_t { begin, checked, loaded, warmed, validated, fail, supersede, time_out, cancel };

struct Transition {
    State from;
    Trigger trigger;
    State to;
};

inline constexpr std::array<State, 10> all_states{
    State::idle,      State::checking, State::loading,    State::warming,   State::validating,
    State::committed, State::failed,   State::superseded, State::timed_out, State::cancelled,
};

inline constexpr std::array<Trigger, 9> all_triggers{
    Trigger::begin, Trigger::checked,   Trigger::loaded,   Trigger::warmed, Trigger::validated,
    Trigger::fail,  Trigger::supersede, Trigger::time_out, Trigger::cancel,
};

inline constexpr std::array<Transition, 24> transitions{{
    {State::idle, Trigger::begin, State::checking},
    {State::checking, Trigger::checked, State::loading},
    {State::loading, Trigger::loaded, State::warming},
    {State::warming, Trigger::warmed, State::validating},
    {State::validating, Trigger::validated, State::committed},

    {State::checking, Trigger::fail, State::failed},
    {State::loading, Trigger::fail, State::failed},
    {State::warming, Trigger::fail, State::failed},
    {State::validating, Trigger::fail, State::failed},

    {State::idle, Trigger::supersede, State::superseded},
    {State::checking, Trigger::supersede, State::superseded},
    {State::loading, Trigger::supersede, State::superseded},
    {State::warming, Trigger::supersede, State::superseded},
    {State::validating, Trigger::supersede, State::superseded},

    {State::idle, Trigger::time_out, State::timed_out},
    {State::checking, Trigger::time_out, State::timed_out},
    {State::loading, Trigger::time_out, State::timed_out},
    {State::warming, Trigger::time_out, State::timed_out},
    {State::validating, Trigger::time_out, State::timed_out},

    {State::idle, Trigger::cancel, State::cancelled},
    {State::checking, Trigger::cancel, State::cancelled},
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
