// Walks every (state, trigger) pair: what the table holds happens, everything else is refused and changes nothing.
#include <set>
#include <utility>

#include "check.hpp"
#include "edgeadapt/lifecycle.hpp"

using namespace edgeadapt;

namespace {

// A machine brought to `state` by legal moves alone.
Lifecycle at(State state) {
    Lifecycle machine;
    if (state == State::idle) return machine;
    const Trigger path[] = {Trigger::begin, Trigger::checked, Trigger::loaded, Trigger::warmed, Trigger::validated};
    for (const Trigger trigger : path) {
        for (const Transition& row : transitions) {
            if (row.from == machine.state() && row.to == state && row.trigger != trigger) {
                CHECK(machine.apply(row.trigger));
                return machine;
            }
        }
        CHECK(machine.apply(trigger));
        if (machine.state() == state) return machine;
    }
    CHECK(false);
    return machine;
}

}  // namespace

int main() {
    std::set<std::pair<State, Trigger>> seen;
    for (const Transition& row : transitions) {
        CHECK(seen.emplace(row.from, row.trigger).second);  // no pair has two answers
    }
    for (const State from : all_states) {
        for (const Trigger trigger : all_triggers) {
            Lifecycle machine = at(from);
            const bool legal = seen.count({from, trigger}) != 0;
            CHECK(machine.apply(trigger) == legal);
            CHECK(machine.state() == (legal ? *next_state(from, trigger) : from));
        }
    }
    int final_states = 0;
    for (const State state : all_states) {
        CHECK(!name(state).empty());
        final_states += is_final(state) ? 1 : 0;
    }
    CHECK(final_states == 7);
    return 0;
}
