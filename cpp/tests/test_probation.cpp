// Probation: the previous generation is kept for a while, and comes back when the new one errs too often.
#include <chrono>
#include <thread>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

SwapperOptions on_probation(std::uint64_t inferences, std::uint64_t errors, Clock::duration time = hours(1)) {
    return {.probation = ProbationRules{inferences, time, errors}};
}

// One inference, as a serving thread does it.
void infer(Rig& rig, bool is_good) {
    const ReadLease lease = rig.swapper->read();
    Trial* trial = lease.generation()->trial.get();
    if (trial == nullptr || !trial->is_open()) return;
    if (is_good) {
        trial->passed();
    } else {
        trial->failed("boom", std::make_shared<int>(5));
    }
}

void errors_above_the_limit_bring_the_previous_one_back_without_a_load() {
    Rig rig(on_probation(100, 1));
    rig.swap("a");
    CHECK(rig.swapper->read().generation()->trial == nullptr);
    rig.swap("b");
    CHECK(rig.swapper->status().probation->variant == "b" && rig.swapper->status().resident == 2);
    infer(rig, true);
    infer(rig, false);
    CHECK(rig.active() == "b" && rig.swapper->status().probation->errors == 1);
    CHECK(rig.swapper->status().probation->inferences == 2);
    infer(rig, false);
    CHECK(rig.active() == "a" && !rig.swapper->status().probation && !rig.swapper->status().previous);
    const Event event = rig.await_told("a", State::rolled_back);
    CHECK(event.kind == Kind::rollback && event.previous == "b" && event.generation == 3 && event.reason == "boom");
    CHECK(*static_cast<int*>(event.cause.get()) == 5);
    CHECK(rig.script->loads == 2 && rig.swapper->counters().rolled_back == 1 && rig.swapper->counters().attempted == 2);
    rig.await_resident(1);
}

void enough_answers_end_it() {
    Rig rig(on_probation(3, 0));
    rig.swap("a");
    rig.swap("b");
    for (int i = 0; i < 3; ++i) infer(rig, true);
    CHECK(!rig.swapper->status().probation);
    rig.await_resident(1);
    infer(rig, false);
    CHECK(rig.active() == "b" && rig.swapper->status().previous == "a");
}

void its_time_ends_it() {
    Rig rig(on_probation(1000, 0, milliseconds(20)));
    rig.swap("a");
    rig.swap("b");
    rig.await_resident(1);
    CHECK(!rig.swapper->status().probation && rig.active() == "b");
}

void a_rollback_by_request_takes_what_is_kept_or_loads_it() {
    Rig rig(on_probation(1, 0));
    rig.swap("a");
    bool is_refused = false;
    try {
        static_cast<void>(rig.swapper->roll_back());
    } catch (const NoPrevious&) {
        is_refused = true;
    }
    CHECK(is_refused);
    rig.swap("b");
    const auto kept = rig.swapper->roll_back();
    CHECK(kept->is_done() && kept->outcome()->state == State::rolled_back && kept->outcome()->previous == "b");
    CHECK(rig.active() == "a" && rig.script->loads == 2);
    rig.swap("b");
    infer(rig, true);
    const Event loaded = Rig::outcome(rig.swapper->roll_back());
    CHECK(loaded.state == State::rolled_back && loaded.stage == State::validating && rig.active() == "a");
    const Counters c = rig.swapper->counters();
    CHECK(c.rolled_back == 2 && c.attempted == 5 && c.succeeded == 5);
}

void a_swap_back_in_a_probation_needs_no_load() {
    Rig rig(on_probation(100, 0));
    rig.swap("a");
    rig.swap("b");
    CHECK(rig.swapper->preload("a")->is_done());
    CHECK(rig.swapper->swap_to("a")->is_done());
    CHECK(rig.swapper->status().probation->variant == "a" && rig.swapper->status().previous == "b");
    CHECK(rig.swapper->status().preloaded.empty() && rig.swapper->status().resident == 2);
    CHECK(rig.script->loads == 2);
}

void three_are_enough_for_the_previous_the_active_and_the_next() {
    Rig rig(on_probation(100, 0));
    rig.swap("a");
    rig.swap("b");
    CHECK(rig.swap("c").state == State::committed);
    CHECK(rig.swapper->status().previous == "b");
    rig.await_resident(2);
    infer(rig, false);
    CHECK(rig.active() == "b");
}

void a_newer_load_that_lacks_room_ends_a_probation_early() {
    SwapperOptions options = on_probation(100, 0);
    options.max_resident = 2;
    Rig rig(std::move(options));
    rig.swap("a");
    rig.swap("b");
    CHECK(rig.swap("c").state == State::committed);
    CHECK(rig.swapper->status().previous == "b" && rig.swapper->status().resident == 2);
}

void a_preload_waits_for_the_end_of_a_probation_that_has_its_room() {
    SwapperOptions options = on_probation(2, 0);
    options.max_resident = 2;
    Rig rig(std::move(options));
    rig.swap("a");
    rig.swap("b");
    const auto waiting = rig.swapper->preload("c");
    CHECK(!waiting->await(Clock::now() + milliseconds(20)));
    CHECK(waiting->state() == State::idle && rig.swapper->status().probation);
    infer(rig, true);
    infer(rig, true);
    CHECK(Rig::outcome(waiting).state == State::preloaded);
}

void a_rollback_lets_a_newer_load_go_on() {
    Gate gate;
    Rig rig(on_probation(100, 0));
    rig.script->on_load["c"] = [&] { gate.pass(); };
    rig.swap("a");
    rig.swap("b");
    const auto next = rig.swapper->swap_to("c");
    gate.await_arrival();
    infer(rig, false);
    CHECK(rig.active() == "a");
    gate.open();
    const Event event = Rig::outcome(next);
    CHECK(event.state == State::committed && event.previous == "a" && event.generation == 4);
}

void a_late_verdict_about_an_older_generation_changes_nothing() {
    Rig rig(on_probation(100, 0));
    rig.swap("a");
    rig.swap("b");
    const HeldLease lease = rig.swapper->hold();
    rig.swap("c");
    lease.generation()->trial->failed("late", nullptr);
    lease.generation()->trial->passed();
    CHECK(rig.active() == "c" && rig.swapper->counters().rolled_back == 0);
}

void many_threads_reach_one_verdict() {
    Rig rig(on_probation(1'000'000, 10));
    rig.swap("a");
    rig.swap("b");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            Counted::is_reader() = true;
            while (rig.active() == "b") infer(rig, false);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(rig.active() == "a" && rig.swapper->counters().rolled_back == 1);
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    errors_above_the_limit_bring_the_previous_one_back_without_a_load();
    enough_answers_end_it();
    its_time_ends_it();
    a_rollback_by_request_takes_what_is_kept_or_loads_it();
    a_swap_back_in_a_probation_needs_no_load();
    three_are_enough_for_the_previous_the_active_and_the_next();
    a_newer_load_that_lacks_room_ends_a_probation_early();
    a_preload_waits_for_the_end_of_a_probation_that_has_its_room();
    a_rollback_lets_a_newer_load_go_on();
    a_late_verdict_about_an_older_generation_changes_nothing();
    many_threads_reach_one_verdict();
    return 0;
}
