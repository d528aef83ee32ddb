// The durations that are kept of calls, by one thread and by several.
#include <thread>
#include <vector>

#include "check.hpp"
#include "edgeadapt/call_times.hpp"

using namespace edgeadapt;
using std::chrono::milliseconds;

namespace {

void before_the_first_call_there_is_none() {
    const CallTimes times;
    CHECK(times.calls() == 0);
    CHECK(!times.percentile(0.95));
}

void a_percentile_goes_by_rank() {
    CallTimes times;
    for (int elapsed = 100; elapsed > 0; --elapsed) times.add(milliseconds(elapsed));
    CHECK(times.percentile(0.95) == milliseconds(95));
    CHECK(times.percentile(0.0) == milliseconds(1));
    CHECK(times.percentile(1.0) == milliseconds(100));
}

void only_the_latest_calls_count() {
    CallTimes times;
    for (std::size_t call = 0; call < CallTimes::capacity; ++call) times.add(milliseconds(1000));
    for (std::size_t call = 0; call < CallTimes::capacity; ++call) times.add(milliseconds(1));
    CHECK(times.percentile(1.0) == milliseconds(1));
    CHECK(times.calls() == 2 * CallTimes::capacity);
}

void calls_of_many_threads_are_all_counted() {
    CallTimes times;
    std::vector<std::thread> threads;
    for (int index = 0; index < 4; ++index) {
        threads.emplace_back([&] {
            for (int call = 0; call < 20'000; ++call) times.add(milliseconds(2));
        });
    }
    while (times.calls() < 1000) CHECK(times.percentile(0.5).value_or(milliseconds(2)) == milliseconds(2));
    for (std::thread& thread : threads) thread.join();
    CHECK(times.calls() == 80'000);
    CHECK(times.percentile(0.95) == milliseconds(2));
}

}  // namespace

int main() {
    before_the_first_call_there_is_none();
    a_percentile_goes_by_rank();
    only_the_latest_calls_count();
    calls_of_many_threads_are_all_counted();
}
