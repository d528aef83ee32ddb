// Destroys retired generations once nobody reads them, on its own thread, never on a reader's.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "edgeadapt/slot.hpp"

namespace edgeadapt {

// Thread rule: the body of one thread, which owns it.
class Reaper {
public:
    // `on_destroyed` is called after each round of destruction, with no lock held.
    Reaper(std::shared_ptr<Slot> slot, std::function<void()> on_destroyed)
        : slot_(std::move(slot)), on_destroyed_(std::move(on_destroyed)) {}

    // Returns once the slot is closed and nothing is retired any more; until then leases may keep it.
    void run();

private:
    // A reading is short and ends without a word, so it is looked for again, ever less often.
    static constexpr Clock::duration shortest_wait = std::chrono::microseconds(50);
    static constexpr Clock::duration longest_wait = std::chrono::milliseconds(5);

    std::shared_ptr<Slot> slot_;
    std::function<void()> on_destroyed_;
};

}  // namespace edgeadapt
