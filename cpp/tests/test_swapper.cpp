// The swapper with a scripted activator: commit, join, supersede, failure, room, close.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::seconds;

namespace {

void a_swap_commits_and_is_told_in_order() {
    Rig rig;
    CHECK(rig.swapper->read().generation() == nullptr);
    CHECK(rig.swap("a").generation == 1);
    const Event second = rig.swap("b");
    CHECK(second.state == State::committed && second.previous == "a" && second.generation == 2);
    CHECK(rig.swapper->read().generation()->variant == "b");
    CHECK((rig.told() == std::vector<std::string>{"a:idle", "a:committed", "b:idle", "b:committed"}));
}

void a_failure_leaves_the_old_one_and_says_where_and_why() {
    Rig rig;
    rig.swap("a");
    const Event unknown = rig.swap("unknown");
    CHECK(unknown.state == State::failed && unknown.stage == State::checking && unknown.reason == "no such variant");
    CHECK(*static_cast<int*>(unknown.cause.get()) == 7);
    CHECK(rig.swap("odd").stage == State::validating);
    CHECK(rig.swapper->read().generation()->variant == "a");
}

void requests_for_the_same_variant_join() {
    Gate gate;
    Rig rig;
    rig.script->on_load["b"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto serving = rig.swapper->swap_to("a");
    CHECK(serving->is_done() && serving->outcome()->generation == 1);
    const auto first = rig.swapper->swap_to("b");
    gate.await_arrival();
    CHECK(rig.swapper->swap_to("b") == first);
    gate.open();
    CHECK(first->await(Clock::now() + seconds(30)));
    CHECK(rig.swapper->counters().joined == 2 && rig.swapper->counters().attempted == 2);
}

void a_superseded_load_never_serves_however_late_it_ends() {
    Gate gate;
    Rig rig;
    rig.script->on_load["slow"] = [&] { gate.pass(); };
    rig.swap("a");
    const auto slow = rig.swapper->swap_to("slow");
    gate.await_arrival();
    const auto waiting = rig.swapper->swap_to("c");
    CHECK(slow->is_done() && slow->outcome()->state == State::superseded && slow->outcome()->stage == State::loading);
    const auto last = rig.swapper->swap_to("d");
    CHECK(waiting->outcome()->state == State::superseded && waiting->outcome()->stage == State::idle);
    // Back to what serves: nothing to load.
    CHECK(rig.swapper->swap_to("a")->is_done());
    CHECK(last->outcome()->state == State::superseded);
    const auto again = rig.swapper->swap_to("d");
    gate.open();
    CHECK(again->await(Clock::now() + seconds(30)));
    CHECK(rig.swapper->read().generation()->variant == "d" && rig.swapper->read().generation()->number == 2);
}

void a_held_lease_blocks_the_next_load_and_is_reported() {
    Rig rig({.max_resident = 2});
    rig.swap("a");
    HeldLease lease = rig.swapper->hold();
    rig.swap("b");
    const auto blocked = rig.swapper->swap_to("c");
    CHECK(!blocked->await(Clock::now() + std::chrono::milliseconds(20)));
    const Status status = rig.swapper->status();
    CHECK(status.is_waiting_for_room && status.resident == 2 && status.requested == "c" && status.stage == State::idle);
    CHECK(status.oldest_lease_age && *status.oldest_lease_age > std::chrono::milliseconds(10));
    lease.end();
    CHECK(blocked->await(Clock::now() + seconds(30)));
    CHECK(blocked->outcome()->state == State::committed);
}

void close_is_bounded_and_a_load_that_ends_later_is_destroyed() {
    Gate gate;
    {
        const auto script = std::make_shared<Script>();
        script->on_load["hanging"] = [&] { gate.pass(); };
        const auto swapper = Swapper::start(std::make_unique<Scripted>(script), [](const Event&) {});
        const auto request = swapper->swap_to("hanging");
        gate.await_arrival();
        CHECK(!swapper->close(Clock::now() + std::chrono::milliseconds(20)));
        CHECK(request->outcome()->state == State::cancelled);
        bool is_refused = false;
        try {
            static_cast<void>(swapper->swap_to("a"));
        } catch (const NotServing&) {
            is_refused = true;
        }
        CHECK(is_refused);
    }
    CHECK(Counted::living() == 1);
    gate.open();
    while (Counted::living() != 0) std::this_thread::yield();
}

void a_listener_may_close_the_swapper() {
    std::shared_ptr<Swapper> swapper;
    Gate told;
    told.open();
    swapper = Swapper::start(std::make_unique<Scripted>(std::make_shared<Script>()), [&](const Event& event) {
        if (event.state != State::committed) return;
        swapper->close(Clock::now() + seconds(30));
        told.pass();
    });
    static_cast<void>(swapper->swap_to("a"));
    told.await_arrival();
    swapper->close(Clock::now() + seconds(30));
    CHECK(swapper->read().generation() == nullptr);
}

void a_flood_of_requests_does_not_pile_up_before_a_slow_listener() {
    Gate gate, load;
    std::atomic<int> told{0}, committed{0};
    const auto script = std::make_shared<Script>();
    script->on_load["a"] = [&] { load.pass(); };
    const auto swapper = Swapper::start(std::make_unique<Scripted>(script), [&](const Event& event) {
        gate.pass();
        ++told;
        committed += event.state == State::committed ? 1 : 0;
    });
    static_cast<void>(swapper->swap_to("a"));
    gate.await_arrival();
    load.await_arrival();
    std::shared_ptr<Request> last;
    for (std::size_t i = 0; i < 3 * Notifier::longest_backlog; ++i) last = swapper->swap_to(i % 2 == 0 ? "b" : "c");
    load.open();
    CHECK(last->await(Clock::now() + seconds(30)));
    gate.open();
    CHECK(swapper->close(Clock::now() + seconds(30)));
    CHECK(swapper->counters().untold > 0);
    CHECK(committed == 1);
    CHECK(told <= static_cast<int>(Notifier::longest_backlog) + 2);
}

int trims_of_twenty_swaps(Clock::duration interval) {
    std::atomic<bool> is_loading{false};
    std::atomic<std::thread::id> loader{};
    std::atomic<int> trims{0};
    const auto script = std::make_shared<Script>();
    for (const char* variant : {"a", "b"}) {
        script->on_load[variant] = [&] {
            is_loading = true;
            loader = std::this_thread::get_id();
            std::this_thread::yield();
            is_loading = false;
        };
    }
    SwapperOptions options;
    options.trim_interval = interval;
    options.trim = [&] {
        CHECK(!is_loading);
        CHECK(loader.load() != std::this_thread::get_id());
        ++trims;
    };
    const auto swapper = Swapper::start(std::make_unique<Scripted>(script), [](const Event&) {}, std::move(options));
    for (int i = 0; i < 20; ++i) static_cast<void>(Rig::outcome(swapper->swap_to(i % 2 == 0 ? "a" : "b")));
    const int before_the_end = trims;
    CHECK(swapper->close(Clock::now() + seconds(30)));
    CHECK(trims > before_the_end);
    return before_the_end;
}

// And not on the thread that goes in and out of Python: a trim holds the lock of each arena for as long as it takes.
void memory_is_given_back_between_loads_once_in_an_interval_and_at_the_end() {
    CHECK(trims_of_twenty_swaps(std::chrono::hours(1)) <= 1);
    CHECK(trims_of_twenty_swaps(Clock::duration::zero()) > 1);
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    a_swap_commits_and_is_told_in_order();
    a_failure_leaves_the_old_one_and_says_where_and_why();
    requests_for_the_same_variant_join();
    a_superseded_load_never_serves_however_late_it_ends();
    a_held_lease_blocks_the_next_load_and_is_reported();
    close_is_bounded_and_a_load_that_ends_later_is_destroyed();
    a_listener_may_close_the_swapper();
    a_flood_of_requests_does_not_pile_up_before_a_slow_listener();
    memory_is_given_back_between_loads_once_in_an_interval_and_at_the_end();
    return 0;
}
