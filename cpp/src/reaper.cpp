#include "edgeadapt/reaper.hpp"

#include <algorithm>
#include <utility>

namespace edgeadapt {

void Reaper::run() {
    Clock::duration wait = shortest_wait;
    std::uint64_t last_change = 0;
    for (;;) {
        Sweep found = slot_->sweep();
        if (!found.dead.empty()) {
            found.dead.clear();
            slot_->destroyed();
            on_destroyed_();
            trimmer_.ask();
            continue;
        }
        if (found.is_over) {
            trimmer_.run_if_due(Clock::time_point::max());
            return;
        }
        trimmer_.run_if_due(Clock::now());
        if (std::exchange(last_change, found.change) != found.change) wait = shortest_wait;
        std::optional<Clock::time_point> until = trimmer_.due_at();
        if (found.is_read) {
            const Clock::time_point next = Clock::now() + wait;
            until = until ? std::min(*until, next) : next;
            wait = std::min(wait * 2, longest_wait);
        }
        slot_->await_change(found.change, until);
    }
}

}  // namespace edgeadapt
