// Preloading: kept beside what serves, committed at once, joined, superseded and evicted.
#include <chrono>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::seconds;

namespace {

void a_preloaded_variant_serves_at_once() {
    Rig rig;
    rig.swap("a");
    const Event kept = rig.preload("b");
    CHECK(kept.state == State::preloaded && kept.kind == Kind::preload && kept.generation == 1);
    CHECK(rig.active() == "a");
    CHECK(rig.swapper->status().preloaded == std::vector<std::string>{"b"} && rig.swapper->status().resident == 2);
    const auto request = rig.swapper->swap_to("b");
    CHECK(request->is_done() && request->outcome()->state == State::committed && request->outcome()->generation == 2);
    CHECK(rig.active() == "b" && rig.swapper->status().preloaded.empty());
    rig.await_resident(1);
    const Counters c = rig.swapper->counters();
    CHECK(c.preloaded == 1 && c.attempted == 2 && c.succeeded == 2);
    CHECK((rig.told() ==
           std::vector<std::string>{"a:idle", "a:committed", "b:idle", "b:preloaded", "b:idle", "b:committed"}));
}

void what_is_there_already_needs_no_load() {
    Rig rig;
    rig.swap("a");
    CHECK(rig.swapper->preload("a")->outcome()->state == State::preloaded);
    rig.preload("b");
    CHECK(rig.swapper->preload("b")->is_done());
    CHECK(rig.swapper->counters().joined == 2 && rig.script->loads == 2);
}

void a_swap_to_what_is_being_preloaded_joins_and_commits_it() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto preload = rig.swapper->preload("b");
    gate.await_arrival();
    CHECK(rig.swapper->status().preloading == "b" && !rig.swapper->status().requested);
    CHECK(rig.swapper->swap_to("b") == preload);
    CHECK(rig.swapper->status().requested == "b");
    gate.open();
    const Event event = Rig::outcome(preload);
    CHECK(event.state == State::committed && event.kind == Kind::swap);
    CHECK(rig.swapper->counters().attempted == 2 && rig.swapper->counters().preloaded == 0);
}

void a_swap_is_never_held_up_by_a_preload() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    const auto running = rig.swapper->preload("b");
    gate.await_arrival();
    CHECK(rig.swap("c").state == State::committed);
    CHECK(running->outcome()->state == State::superseded);
    CHECK(rig.script->cancelled() == std::vector<std::string>{"b"});
    CHECK(rig.swapper->counters().superseded == 0);
}

void a_preload_waits_behind_a_swap_and_may_become_one() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto swap = rig.swapper->swap_to("b");
    gate.await_arrival();
    const auto behind = rig.swapper->preload("c");
    CHECK(rig.swapper->preload("b") == swap);
    CHECK(behind->state() == State::idle);
    gate.open();
    CHECK(Rig::outcome(behind).state == State::preloaded);
    CHECK(rig.active() == "b");
}

void a_waiting_preload_becomes_the_swap_that_is_asked_for() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto swap = rig.swapper->swap_to("b");
    gate.await_arrival();
    const auto behind = rig.swapper->preload("c");
    CHECK(rig.swapper->swap_to("c") == behind);
    CHECK(swap->outcome()->state == State::superseded);
    gate.open();
    CHECK(Rig::outcome(behind).state == State::committed);
}

void a_newer_preload_supersedes_the_one_before() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto first = rig.swapper->preload("b");
    gate.await_arrival();
    const auto second = rig.swapper->preload("c");
    CHECK(first->outcome()->state == State::superseded);
    gate.open();
    CHECK(Rig::outcome(second).state == State::preloaded);
    CHECK(rig.swapper->status().preloaded == std::vector<std::string>{"c"});
}

void the_oldest_preload_goes_when_a_load_needs_its_room() {
    Rig rig;
    rig.swap("a");
    rig.preload("b");
    rig.preload("c");
    CHECK((rig.swapper->status().preloaded == std::vector<std::string>{"b", "c"}));
    CHECK(rig.swap("d").state == State::committed);
    CHECK(rig.swapper->status().preloaded == std::vector<std::string>{"c"});
    CHECK(rig.preload("e").state == State::preloaded);
    CHECK((rig.swapper->status().preloaded == std::vector<std::string>{"c", "e"}));
}

void a_preload_that_fails_or_needs_a_gap_changes_nothing() {
    Rig rig;
    rig.script->gap = {"big"};
    rig.swap("a");
    CHECK(rig.preload("odd").state == State::failed);
    const Event big = rig.preload("big");
    CHECK(big.state == State::failed && big.stage == State::checking);
    CHECK(big.reason == "it does not fit beside what serves, and a preload makes no gap");
    CHECK(rig.active() == "a" && rig.swapper->counters().failed == 0);
}

void closing_cancels_what_is_preloaded_or_waits_to_be() {
    Gate gate;
    Rig rig;
    rig.script->on_load["c"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    rig.preload("b");
    const auto open = rig.swapper->preload("c");
    gate.await_arrival();
    CHECK(rig.swapper->close(Clock::now() + seconds(30)));
    CHECK(open->outcome()->state == State::cancelled);
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    a_preloaded_variant_serves_at_once();
    what_is_there_already_needs_no_load();
    a_swap_to_what_is_being_preloaded_joins_and_commits_it();
    a_swap_is_never_held_up_by_a_preload();
    a_preload_waits_behind_a_swap_and_may_become_one();
    a_waiting_preload_becomes_the_swap_that_is_asked_for();
    a_newer_preload_supersedes_the_one_before();
    the_oldest_preload_goes_when_a_load_needs_its_room();
    a_preload_that_fails_or_needs_a_gap_changes_nothing();
    closing_cancels_what_is_preloaded_or_waits_to_be();
    return 0;
}
