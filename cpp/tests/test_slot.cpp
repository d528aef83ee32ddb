// The slot with its reaper: one thread's view, then many readers against many swaps.
#include <chrono>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

#include "counted.hpp"
#include "edgeadapt/reaper.hpp"

using namespace edgeadapt;

namespace {

struct House {
    std::shared_ptr<Slot> slot = std::make_shared<Slot>();
    Reaper reaper{slot, [] {}};
    std::thread thread{[this] { reaper.run(); }};

    ~House() {
        slot->publish(nullptr);
        slot->close();
        thread.join();
        CHECK(slot->resident() == 0);
    }
    void await_resident(std::size_t count) {
        while (slot->resident() != count) std::this_thread::yield();
    }
};

void an_empty_slot_gives_no_lease() {
    House house;
    CHECK(house.slot->read().generation() == nullptr);
    CHECK(house.slot->hold().generation() == nullptr);
    CHECK(!house.slot->oldest_lease_age());
}

void a_reading_keeps_its_generation_and_the_next_one_sees_the_new() {
    House house;
    house.slot->publish(generation(1));
    {
        const ReadLease lease = house.slot->read();
        house.slot->publish(generation(2));
        CHECK(lease.generation()->number == 1);
        CHECK(house.slot->read().generation()->number == 2);
        CHECK(house.slot->oldest_lease_age());
        check_whole(*lease.generation());
    }
    house.await_resident(1);
    CHECK(Counted::living() == 1);
}

void a_held_lease_changes_threads_and_outlives_the_slot_s_owner() {
    HeldLease lease;
    std::thread reaping;
    {
        auto slot = std::make_shared<Slot>();
        auto reaper = std::make_shared<Reaper>(slot, [] {});
        reaping = std::thread([reaper] { reaper->run(); });
        slot->publish(generation(7));
        lease = slot->hold();
        slot->publish(nullptr);
        slot->close();
        CHECK(slot->await_quiet(Clock::now() + std::chrono::seconds(10)));
        CHECK(slot->resident() == 1);
    }
    std::thread([moved = std::move(lease)]() mutable {
        check_whole(*moved.generation());
        Counted::is_reader() = true;
        moved.end();
        moved.end();
    }).join();
    reaping.join();
    CHECK(Counted::living() == 0);
}

void readings_beyond_the_thread_s_cells_fall_back_and_still_keep_it() {
    House house;
    house.slot->publish(generation(1));
    {
        const ReadLease a = house.slot->read(), b = house.slot->read(), c = house.slot->read(), d = house.slot->read();
        CHECK(hazard::free_cell() == nullptr);
        const ReadLease deepest = house.slot->read();
        house.slot->publish(generation(2));
        check_whole(*deepest.generation());
        CHECK(deepest.generation()->number == 1);
        CHECK(house.slot->resident() == 2);
    }
    house.await_resident(1);
}

// Every reader sees whole generations, and never an older one than before.
void readers_against_swaps(int readers, std::uint64_t swaps, bool is_holding) {
    House house;
    house.slot->publish(generation(1));
    std::atomic<bool> is_over{false};
    std::latch ready(readers + 1);
    std::vector<std::thread> threads;
    for (int i = 0; i < readers; ++i) {
        threads.emplace_back([&] {
            Counted::is_reader() = true;
            std::uint64_t last = 0;
            ready.arrive_and_wait();
            while (!is_over.load()) {
                if (is_holding) {
                    const HeldLease lease = house.slot->hold();
                    check_whole(*lease.generation());
                    CHECK(lease.generation()->number >= last);
                    last = lease.generation()->number;
                } else {
                    const ReadLease lease = house.slot->read();
                    check_whole(*lease.generation());
                    CHECK(lease.generation()->number >= last);
                    last = lease.generation()->number;
                }
            }
        });
    }
    ready.arrive_and_wait();
    for (std::uint64_t number = 2; number <= swaps; ++number) {
        house.slot->publish(generation(number));
        while (house.slot->resident() > 3) std::this_thread::yield();
    }
    is_over = true;
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main() {
    an_empty_slot_gives_no_lease();
    a_reading_keeps_its_generation_and_the_next_one_sees_the_new();
    a_held_lease_changes_threads_and_outlives_the_slot_s_owner();
    readings_beyond_the_thread_s_cells_fall_back_and_still_keep_it();
    readers_against_swaps(4, 3000, false);
    readers_against_swaps(4, 1000, true);
    CHECK(Counted::living() == 0);
    return 0;
}
