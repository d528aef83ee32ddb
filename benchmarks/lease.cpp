// Acquire, touch and release a generation, in a loop, by one reader and by two at once; built and run by lease.py.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "edgeadapt/slot.hpp"

using namespace edgeadapt;

namespace {

constexpr int calls = 2'000'000;
volatile std::uint64_t sink;

// The baseline that everybody writes first.
struct LockedSlot {
    std::mutex mutex;
    std::shared_ptr<const Generation> active;
    std::shared_ptr<const Generation> read() {
        const std::lock_guard lock(mutex);
        return active;
    }
};

template <class Read>
double ns_per_call(int readers, Read read) {
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        std::latch ready(readers);
        std::vector<double> times(static_cast<std::size_t>(readers));
        std::vector<std::thread> threads;
        for (double& time : times) {
            threads.emplace_back([&] {
                ready.arrive_and_wait();
                const auto start = Clock::now();
                for (int i = 0; i < calls; ++i) read();
                time = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / calls;
            });
        }
        for (std::thread& thread : threads) thread.join();
        double sum = 0;
        for (const double time : times) sum += time;
        best = std::min(best, sum / readers);
    }
    return best;
}

}  // namespace

int main() {
    const auto slot = std::make_shared<Slot>();
    slot->publish(std::make_unique<Generation>(1, "variant", no_payload()));
    LockedSlot locked;
    locked.active = std::make_shared<Generation>(1, "variant", no_payload());
    std::atomic<std::shared_ptr<const Generation>> shared{locked.active};
    std::atomic<const Generation*> bare{locked.active.get()};

    const auto row = [](const char* name, auto read) {
        std::printf("%s\t%.1f\t%.1f\n", name, ns_per_call(1, read), ns_per_call(2, read));
    };
    row("bare atomic load", [&] { sink = bare.load(std::memory_order_acquire)->number; });
    row("mutex and shared_ptr", [&] { sink = locked.read()->number; });
    row("atomic<shared_ptr>", [&] { sink = shared.load(std::memory_order_acquire)->number; });
    row("ReadLease", [&] { sink = slot->read().generation()->number; });
    row("HeldLease", [&] { sink = slot->hold().generation()->number; });
    return 0;
}
