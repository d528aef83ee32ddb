// Everything at once, with readers on: swaps, preloads, rollbacks by request and by errors, cancels, time-outs, gaps.
#include <chrono>
#include <random>
#include <thread>

#include "scripted.hpp"

using namespace edgeadapt;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// An error that wants the swapper's mutex as it goes, as one of Python's wants the GIL, whose owner may want the mutex.
std::shared_ptr<void> cause_for(const std::weak_ptr<Swapper>& swapper) {
    return {new int(1), [swapper](void* number) {
                if (const auto alive = swapper.lock()) static_cast<void>(alive->counters());
                delete static_cast<int*>(number);
            }};
}

// Held generations and readings are whole, and a thread never sees an older one than before.
void read_on(Rig& rig, const std::atomic<bool>& is_over, unsigned seed) {
    Counted::is_reader() = true;
    std::mt19937 random(seed);
    std::uint64_t last = 0;
    const auto look = [&](const Generation* generation) {
        if (generation == nullptr) return;
        CHECK(static_cast<Counted*>(generation->payload.get())->mark == Counted::alive);
        CHECK(generation->number >= last);
        last = generation->number;
        Trial* trial = generation->trial.get();
        if (trial == nullptr || !trial->is_open()) return;
        if (random() % 8 == 0) {
            trial->failed("as scripted", cause_for(rig.swapper));
        } else {
            trial->passed();
        }
    };
    while (!is_over.load()) {
        if (random() % 4 == 0) {
            const HeldLease held = rig.swapper->hold();
            look(held.generation());
        } else {
            const ReadLease lease = rig.swapper->read();
            look(lease.generation());
        }
        if (random() % 64 == 0) static_cast<void>(rig.swapper->await_serving(Clock::now() + microseconds(200)));
    }
}

void ask_on(Rig& rig, unsigned seed) {
    Counted::is_reader() = true;
    const char* variants[] = {"a", "b", "c", "big", "fails", "unknown", "odd", "slow"};
    std::mt19937 random(seed);
    std::shared_ptr<Request> request;
    for (int i = 0; i < 600; ++i) {
        const std::string variant = variants[random() % 8];
        switch (random() % 8) {
            case 0: request = rig.swapper->preload(variant); break;
            case 1: static_cast<void>(rig.swapper->cancel()); break;
            case 2:
                try {
                    request = rig.swapper->roll_back();
                } catch (const NoPrevious&) {
                    continue;
                }
                break;
            default: request = rig.swapper->swap_to(variant); break;
        }
        if (request != nullptr && random() % 3 == 0) CHECK(request->await(Clock::now() + seconds(30)));
        const Status status = rig.swapper->status();
        CHECK(status.resident <= 3);
        CHECK(status.active.has_value() || status.is_in_gap);
    }
}

// Chance may have left one out.
void one_of_each(Rig& rig) {
    const auto is_missing = [&](std::uint64_t Counters::*count) { return rig.swapper->counters().*count == 0; };
    while (is_missing(&Counters::failed)) rig.swap("fails");
    while (is_missing(&Counters::timed_out)) rig.swap("slow");
    while (is_missing(&Counters::preloaded)) rig.preload("b");
    while (is_missing(&Counters::succeeded)) rig.swap("c");
    while (is_missing(&Counters::cancelled)) {
        static_cast<void>(rig.swapper->swap_to("slow"));
        static_cast<void>(rig.swapper->cancel());
    }
    while (is_missing(&Counters::superseded)) {
        static_cast<void>(rig.swapper->swap_to("slow"));
        static_cast<void>(rig.swapper->swap_to("fails"));
    }
    while (is_missing(&Counters::joined)) {
        static_cast<void>(rig.swapper->swap_to("slow"));
        static_cast<void>(rig.swapper->swap_to("slow"));
    }
    while (is_missing(&Counters::rolled_back)) {
        rig.swap(rig.active() == "b" ? "c" : "b");
        try {
            Rig::outcome(rig.swapper->roll_back());
        } catch (const NoPrevious&) {
            continue;
        }
    }
}

void everything_at_once() {
    // Before the rig, whose end waits for a load that may still use them.
    std::mutex mutex;
    std::condition_variable stops;
    bool is_stopped = false;
    int loads = 0;
    Rig rig({.load_timeout = milliseconds(8), .probation = ProbationRules{40, milliseconds(5), 2}});
    rig.script->gap = {"big"};
    const std::weak_ptr<Swapper> swapper = rig.swapper;
    const auto fail = [swapper] { throw ActivationFailure("as scripted", cause_for(swapper)); };
    rig.script->on_load["fails"] = fail;
    // Fails in a gap every other time.
    rig.script->on_load["big"] = [&loads, fail] {
        if (++loads % 2 == 0) fail();
    };
    // Longer than a load may take, unless it is cancelled.
    rig.script->on_load["slow"] = [&] {
        std::unique_lock lock(mutex);
        is_stopped = false;
        if (stops.wait_for(lock, milliseconds(500), [&] { return is_stopped; })) throw ActivationFailure("stopped");
    };
    rig.script->on_cancel = [&](const std::string&) {
        const std::lock_guard lock(mutex);
        is_stopped = true;
        stops.notify_all();
    };
    while (rig.swap("a").state != State::committed) {
    }
    std::atomic<bool> is_over{false};
    std::vector<std::thread> readers, askers;
    for (unsigned seed = 0; seed < 3; ++seed) readers.emplace_back([&, seed] { read_on(rig, is_over, seed); });
    for (unsigned seed = 0; seed < 2; ++seed) askers.emplace_back([&, seed] { ask_on(rig, seed); });
    for (std::thread& thread : askers) thread.join();
    one_of_each(rig);
    // The way back from a gap is tried until it succeeds.
    while (rig.swapper->await_serving(Clock::now() + seconds(1)) != Serving::something) {
    }
    is_over = true;
    for (std::thread& thread : readers) thread.join();
}

}  // namespace

int main() {
    Counted::only_on_reaper() = true;
    everything_at_once();
    return 0;
}
