// Deadlines and cancelling: of a load that hangs, of what waits behind it, and of the load that was meant.
#include <chrono>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

void a_load_that_hangs_times_out_and_what_it_brings_later_is_destroyed() {
    Gate gate;
    Rig rig({.load_timeout = milliseconds(200)});
    rig.script->on_load["hanging"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    const Event event = rig.swap("hanging");
    CHECK(event.state == State::timed_out && event.stage == State::loading && event.previous == "a");
    CHECK(event.reason == "took longer than 0.2 s");
    CHECK(rig.swap("b").generation == 2);
    rig.await_resident(1);
    CHECK(rig.swapper->counters().timed_out == 1);
    CHECK(rig.script->cancelled() == std::vector<std::string>{"hanging"});
}

void what_waits_behind_a_load_that_hangs_times_out_too() {
    Gate gate;
    Rig rig({.load_timeout = milliseconds(100)});
    rig.script->on_load["hanging"] = [&] { gate.pass(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("hanging"));
    gate.await_arrival();
    const Event behind = rig.swap("b");
    CHECK(behind.state == State::timed_out && behind.stage == State::idle);
    CHECK(behind.reason == "took longer than 0.1 s, behind the load of `hanging`");
    const Event preload = rig.preload("c");
    CHECK(preload.state == State::timed_out && preload.kind == Kind::preload);
    gate.open();
}

void what_waits_for_room_times_out_too() {
    Rig rig({.max_resident = 2, .load_timeout = milliseconds(500)});
    rig.swap("a");
    const HeldLease lease = rig.swapper->hold();
    rig.swap("b");
    const Event event = rig.swap("c");
    CHECK(event.state == State::timed_out && event.stage == State::idle);
    // The lease is older than the request that waits for it.
    CHECK(event.reason.starts_with("took longer than 0.5 s to find room: an old generation is held by a lease for "));
}

void the_open_request_can_be_cancelled_and_its_load_is_told() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.script->on_cancel = [&](const std::string&) { gate.open(); };
    rig.swap("a");
    CHECK(!rig.swapper->cancel());
    const auto request = rig.swapper->swap_to("b");
    gate.await_arrival();
    CHECK(rig.swapper->cancel());
    CHECK(!rig.swapper->cancel());
    CHECK(request->outcome()->state == State::cancelled && request->outcome()->stage == State::loading);
    CHECK(rig.swap("c").state == State::committed);
    CHECK(rig.swapper->counters().cancelled == 1);
}

void a_cancel_for_a_load_that_is_over_reaches_no_other_one() {
    Gate first, second;
    Rig rig;
    int loads = 0;
    rig.script->on_load["b"] = [&] { (++loads == 1 ? first : second).pass(); };
    // Held up until the load it means is over and the next one of the same variant is there.
    Gate cancelling;
    rig.script->on_cancel = [&](const std::string&) { cancelling.pass(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("b"));
    first.await_arrival();
    CHECK(rig.swapper->cancel());
    cancelling.await_arrival();
    const auto again = rig.swapper->swap_to("b");
    first.open();
    second.await_arrival();
    cancelling.open();
    second.open();
    CHECK(Rig::outcome(again).state == State::committed);
    CHECK(rig.script->cancelled() == std::vector<std::string>{"b"});
}

void superseding_and_closing_cancel_the_load() {
    Gate gate, other;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.script->on_load["c"] = [&] { other.pass(); };
    rig.script->on_cancel = [&](const std::string& variant) { (variant == "b" ? gate : other).open(); };
    rig.swap("a");
    static_cast<void>(rig.swapper->swap_to("b"));
    gate.await_arrival();
    static_cast<void>(rig.swapper->swap_to("c"));
    other.await_arrival();
    CHECK(rig.swapper->close(Clock::now() + seconds(30)));
    CHECK((rig.script->cancelled() == std::vector<std::string>{"b", "c"}));
}

void every_load_is_told_its_end_once() {
    Rig rig;
    rig.swap("a");
    rig.swap("odd");
    rig.swap("unknown");
    rig.preload("b");
    rig.swap("b");
    rig.told();
    CHECK(rig.script->loads == 4 && rig.script->ended == 4);
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    a_load_that_hangs_times_out_and_what_it_brings_later_is_destroyed();
    what_waits_behind_a_load_that_hangs_times_out_too();
    what_waits_for_room_times_out_too();
    the_open_request_can_be_cancelled_and_its_load_is_told();
    a_cancel_for_a_load_that_is_over_reaches_no_other_one();
    superseding_and_closing_cancel_the_load();
    every_load_is_told_its_end_once();
    return 0;
}
