// Gaps: the old variant goes first, readers wait, and whatever fails brings it back.
#include <chrono>
#include <thread>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Clock::time_point soon() { return Clock::now() + seconds(30); }

void in_a_gap_the_old_one_is_destroyed_before_the_new_one_is_loaded() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.swap("a");
    rig.preload("spare");
    const auto request = rig.swapper->swap_to("big");
    gate.await_arrival();
    CHECK(Counted::living() == 1);  // the new one's own
    const Status status = rig.swapper->status();
    CHECK(status.is_in_gap && !status.active && status.generation == 0 && status.previous == "a");
    CHECK(status.resident == 0 && status.preloaded.empty());
    CHECK(rig.swapper->await_serving(Clock::now() + milliseconds(5)) == Serving::nothing_yet_in_a_gap);
    std::thread reader([&] { CHECK(rig.swapper->await_serving(soon()) == Serving::something); });
    gate.open();
    reader.join();
    const Event event = Rig::outcome(request);
    CHECK(event.state == State::committed && event.previous == "a" && event.generation == 2);
    CHECK(rig.active() == "big" && !rig.swapper->status().is_in_gap && rig.swapper->status().previous == "a");
}

void a_gap_waits_for_readers_and_the_request_shows_it() {
    Rig rig;
    rig.script->gap = {"big"};
    rig.swap("a");
    HeldLease lease = rig.swapper->hold();
    const auto request = rig.swapper->swap_to("big");
    while (request->state() != State::releasing) std::this_thread::yield();
    CHECK(!rig.swapper->status().active);
    lease.end();
    CHECK(Rig::outcome(request).state == State::committed);
}

void a_load_that_fails_in_a_gap_brings_the_old_variant_back() {
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [] { throw ActivationFailure("no memory", std::make_shared<int>(9)); };
    // What failed is gone before the next one is loaded.
    rig.script->on_load["a"] = [] { CHECK(Counted::living() == 1); };
    rig.swap("a");
    const Event failed = rig.swap("big");
    CHECK(failed.state == State::failed && failed.generation == 0 && failed.previous == "a");
    CHECK(rig.swapper->await_serving(soon()) == Serving::something);
    const Event back = rig.await_told("a", State::rolled_back);
    CHECK(back.kind == Kind::recovery && back.previous == "big" && back.reason == "no memory" && back.generation == 2);
    CHECK(*static_cast<int*>(back.cause.get()) == 9);
    CHECK(rig.active() == "a" && !rig.swapper->status().previous);
    const Counters c = rig.swapper->counters();
    CHECK(c.rolled_back == 1 && c.attempted == 3 && c.failed == 1 && c.succeeded == 2);
}

void what_a_lease_still_keeps_of_the_old_one_serves_again_without_a_load() {
    Rig rig({.load_timeout = milliseconds(200)});
    rig.script->gap = {"big"};
    rig.swap("a");
    const HeldLease lease = rig.swapper->hold();
    const Event event = rig.swap("big");
    CHECK(event.state == State::timed_out && event.stage == State::releasing);
    CHECK(rig.swapper->await_serving(soon()) == Serving::something);
    CHECK(rig.await_told("a", State::rolled_back).generation == 2);
    CHECK(rig.active() == "a");
    rig.await_resident(1);
    CHECK(rig.script->loads == 2);
}

void a_gap_that_is_cancelled_brings_the_old_variant_back() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    const auto request = rig.swapper->swap_to("big");
    gate.await_arrival();
    CHECK(rig.swapper->cancel());
    CHECK(request->outcome()->state == State::cancelled);
    CHECK(rig.await_told("a", State::rolled_back).reason == "it was cancelled");
}

void another_request_in_a_gap_takes_the_place_of_the_way_back() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto big = rig.swapper->swap_to("big");
    gate.await_arrival();
    const auto other = rig.swapper->swap_to("c");
    gate.open();
    const Event event = Rig::outcome(other);
    CHECK(event.state == State::committed && event.previous == "a" && rig.active() == "c");
    CHECK(big->outcome()->state == State::superseded && rig.swapper->counters().rolled_back == 0);
}

void the_old_variant_asked_for_in_a_gap_is_loaded_as_any_other() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("big"));
    gate.await_arrival();
    const auto back = rig.swapper->swap_to("a");
    CHECK(!back->is_done());
    gate.open();
    CHECK(Rig::outcome(back).state == State::committed && rig.active() == "a");
}

void what_is_left_of_the_old_variant_serves_again_when_it_is_asked_for() {
    Rig rig;
    rig.script->gap = {"big"};
    rig.swap("a");
    const HeldLease lease = rig.swapper->hold();
    const auto big = rig.swapper->swap_to("big");
    while (big->state() != State::releasing) std::this_thread::yield();
    const auto back = rig.swapper->swap_to("a");
    CHECK(back->is_done() && back->outcome()->state == State::committed && back->outcome()->generation == 2);
    CHECK(big->outcome()->state == State::superseded && rig.active() == "a" && rig.script->loads == 2);
}

void the_way_back_is_tried_again_and_refusals_say_what_happened() {
    Gate gate;
    Rig rig;
    int loads = 0;
    rig.script->gap = {"big"};
    rig.script->on_load["a"] = [&] {
        if (++loads == 2) throw ActivationFailure("disk busy");
        if (loads == 3) gate.pass();
    };
    rig.script->on_load["big"] = [] { throw ActivationFailure("no memory"); };
    rig.swap("a");
    rig.swap("big");
    gate.await_arrival();
    bool is_refused = false;
    try {
        rig.swapper->refuse();
    } catch (const NotServing& error) {
        is_refused = true;
        CHECK(std::string(error.what()) ==
              "nothing serves: in a gap after `a`, until that is loaded again; `big` did not take its place: no memory");
    }
    CHECK(is_refused && !rig.swapper->cancel());
    const auto joined = rig.swapper->roll_back();
    gate.open();
    CHECK(Rig::outcome(joined).state == State::rolled_back);
    CHECK(rig.active() == "a" && loads == 3);
}

void a_preload_waits_for_the_end_of_a_gap() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("big"));
    gate.await_arrival();
    const auto preload = rig.swapper->preload("a");
    gate.open();
    CHECK(Rig::outcome(preload).state == State::preloaded && rig.active() == "big");
}

void closing_ends_a_gap() {
    Gate gate;
    Rig rig;
    rig.script->gap = {"big"};
    rig.script->on_load["big"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("big"));
    gate.await_arrival();
    std::thread reader([&] { CHECK(rig.swapper->await_serving(soon()) == Serving::nothing); });
    CHECK(rig.swapper->close(soon()));
    reader.join();
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    in_a_gap_the_old_one_is_destroyed_before_the_new_one_is_loaded();
    a_gap_waits_for_readers_and_the_request_shows_it();
    a_load_that_fails_in_a_gap_brings_the_old_variant_back();
    what_a_lease_still_keeps_of_the_old_one_serves_again_without_a_load();
    a_gap_that_is_cancelled_brings_the_old_variant_back();
    another_request_in_a_gap_takes_the_place_of_the_way_back();
    the_old_variant_asked_for_in_a_gap_is_loaded_as_any_other();
    what_is_left_of_the_old_variant_serves_again_when_it_is_asked_for();
    the_way_back_is_tried_again_and_refusals_say_what_happened();
    a_preload_waits_for_the_end_of_a_gap();
    closing_ends_a_gap();
    return 0;
}
