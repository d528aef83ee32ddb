#include "edgeadapt/reaper.hpp"

#include <algorithm>
#include <utility>

#include "edgeadapt/background.hpp"

namespace edgeadapt {

void Reaper::run() {
    run_in_background();
    Clock::duration wait = shortest_wait;
    std::uint64_t last_change = 0;
    for (;;) {
        Sweep found = slot_->sweep();
        if (!found.dead.empty()) {
            found.dead.clear();
            slot_->destroyed();
            on_destroyed_();
            continue;
        }
        if (found.is_over) return;
        if (std::exchange(last_change, found.change) != found.change) wait = shortest_wait;
        std::optional<Clock::time_point> until;
        if (found.is_read) {
            until = Clock::now() + wait;
            wait = std::min(wait * 2, longest_wait);
        }
        slot_->await_change(found.change, until);
    }
}

}  // namespace edgeadapt
