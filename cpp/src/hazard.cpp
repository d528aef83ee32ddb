#include "edgeadapt/hazard.hpp"

#include <array>

namespace edgeadapt::hazard {
namespace {

struct alignas(64) Record {
    std::array<Cell, cells_per_thread> cells{};
    std::atomic<bool> is_taken{false};
};

// Constant-initialised and trivially destroyed: threads may outlive static destruction.
constinit std::array<Record, max_threads> records{};

struct ThreadState {
    Record* record = nullptr;
    bool is_refused = false;  // no record was free, or the thread is ending: don't look again
};

constinit thread_local ThreadState mine{};

// Gives the thread's record back when the thread ends.
struct Return {
    Return() noexcept = default;
    Return(const Return&) = delete;
    Return& operator=(const Return&) = delete;
    ~Return() {
        Record* record = mine.record;
        mine = {nullptr, true};
        // release: this thread's last stores to the cells come before; partner: the exchange in take_record.
        if (record != nullptr) record->is_taken.store(false, std::memory_order_release);
    }
};

Record* take_record() noexcept {
    for (Record& record : records) {
        // relaxed: only a hint, the exchange decides.
        if (record.is_taken.load(std::memory_order_relaxed)) continue;
        // acquire: partner of the release store in ~Return, so the cells are seen as their last owner left them.
        if (!record.is_taken.exchange(true, std::memory_order_acquire)) return &record;
    }
    return nullptr;
}

}  // namespace

Cell* free_cell() noexcept {
    if (mine.record == nullptr) {
        if (mine.is_refused) return nullptr;
        mine.record = take_record();
        mine.is_refused = mine.record == nullptr;
        if (mine.is_refused) return nullptr;
        thread_local Return give_back;
        static_cast<void>(give_back);
    }
    for (Cell& cell : mine.record->cells) {
        // relaxed: only this thread stores to its cells.
        if (cell.load(std::memory_order_relaxed) == nullptr) return &cell;
    }
    return nullptr;
}

bool is_announced(const void* object) noexcept {
    for (const Record& record : records) {
        for (const Cell& cell : record.cells) {
            // seq_cst: partner of the reader's seq_cst store in ReadLease's constructor; it also acquires the release
            // store that ended an earlier reading, so all of that reading happened before what the caller does next.
            if (cell.load(std::memory_order_seq_cst) == object) return true;
        }
    }
    return false;
}

}  // namespace edgeadapt::hazard
