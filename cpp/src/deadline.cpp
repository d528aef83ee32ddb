#include "edgeadapt/deadline.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "edgeadapt/per_process.hpp"

namespace edgeadapt {
namespace {

struct Watch {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::pair<Clock::time_point, const Deadline*>, std::function<void()>> open;
    bool is_watched = false;
};

Watch& watch() {
    static PerProcess<Watch> instance;
    return instance.get();
}

// Never ends: it touches nothing but the watch, which is never destroyed.
void run(Watch& all) {
    std::unique_lock lock(all.mutex);
    while (true) {
        if (all.open.empty()) {
            all.changed.wait(lock);
            continue;
        }
        const auto first = all.open.begin();
        const Clock::time_point until = first->first.first;
        if (Clock::now() < until) {
            all.changed.wait_until(lock, until);
            continue;
        }
        first->second();
        all.open.erase(first);
    }
}

}  // namespace

Deadline::Deadline(Clock::time_point until, std::function<void()> on_time) : until_(until) {
    Watch& all = watch();
    {
        const std::lock_guard lock(all.mutex);
        if (!all.is_watched) {
            std::thread([&all] { run(all); }).detach();
            all.is_watched = true;
        }
        const auto entry = all.open.emplace(std::pair{until, this}, std::move(on_time)).first;
        // Only an earlier one changes when the thread must wake.
        if (entry != all.open.begin()) return;
    }
    all.changed.notify_all();
}

Deadline::~Deadline() {
    Watch& all = watch();
    const std::lock_guard lock(all.mutex);
    all.open.erase({until_, this});
}

}  // namespace edgeadapt
