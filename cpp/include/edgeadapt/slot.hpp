// The slot: one active generation, replaced by one atomic exchange, and the old ones until nobody reads them.
//
// Two leases. A `ReadLease` stays on its thread and costs a few nanoseconds: it announces the generation in a hazard
// cell. A `HeldLease` may change threads and outlive everything: the slot's mutex guards its entry.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edgeadapt/generation.hpp"
#include "edgeadapt/hazard.hpp"
#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

class Slot;

// Keeps a generation alive until it ends. Thread rule: one thread at a time, any thread.
class HeldLease {
public:
    HeldLease() noexcept = default;
    HeldLease(HeldLease&& other) noexcept { *this = std::move(other); }
    HeldLease& operator=(HeldLease&& other) noexcept;
    HeldLease(const HeldLease&) = delete;
    HeldLease& operator=(const HeldLease&) = delete;
    ~HeldLease() { end(); }

    [[nodiscard]] const Generation* generation() const noexcept { return generation_; }
    // False in a forked child, where the generation's threads are not. Needs a generation.
    [[nodiscard]] bool is_here() const noexcept;
    void end() noexcept;

private:
    friend class Slot;
    std::shared_ptr<Slot> slot_;
    Generation* generation_ = nullptr;
    std::list<Clock::time_point>::iterator entry_{};
};

// Keeps a generation alive for one reading. Thread rule: stays on the thread that took it.
class ReadLease {
public:
    ReadLease(ReadLease&&) = delete;
    ReadLease& operator=(ReadLease&&) = delete;
    ~ReadLease() {
        // release: everything read through the lease comes before; partner: the scan in hazard::is_announced.
        if (cell_ != nullptr) cell_->store(nullptr, std::memory_order_release);
    }

    // Null when nothing serves.
    [[nodiscard]] const Generation* generation() const noexcept { return generation_; }

private:
    friend class Slot;
    explicit ReadLease(Slot& slot);

    hazard::Cell* cell_ = nullptr;
    const Generation* generation_ = nullptr;
    std::unique_ptr<HeldLease> overflow_;  // where the thread has no free cell
};

// What a look at the retired generations found.
struct Sweep {
    std::vector<std::unique_ptr<Generation>> dead;  // nobody reads them any more; the caller destroys them
    bool is_read = false;                           // a hazard cell keeps one: look again soon
    bool is_over = false;                           // the slot is closed and nothing is retired any more
    std::uint64_t change = 0;
};

// Thread rule: any thread. Always owned by a shared_ptr: held leases keep it.
class Slot : public std::enable_shared_from_this<Slot> {
public:
    Slot() = default;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();

    [[nodiscard]] ReadLease read() { return ReadLease(*this); }
    [[nodiscard]] HeldLease hold();

    // Makes `next` the active generation (null: nothing serves) and retires the one before it.
    void publish(std::unique_ptr<Generation> next);
    // The same, but keeps the one before it, where there was one, until it is let go.
    [[nodiscard]] const Generation* publish_and_keep(std::unique_ptr<Generation> next);
    // Retires a generation that never served.
    void discard(std::unique_ptr<Generation> unused);
    // Keeps a generation that does not serve, until it is let go.
    [[nodiscard]] const Generation* keep(std::unique_ptr<Generation> spare);
    // Ends what publish_and_keep or keep began; once for each.
    void let_go(const Generation* kept);
    // The payload of the newest retired generation that served as `variant` and is not destroyed yet, or null. It may
    // be the last reference soon: whoever takes it publishes it.
    [[nodiscard]] Payload served_payload(const std::string& variant) const;
    // Whether a payload is still in some generation.
    [[nodiscard]] bool has(const void* payload) const;

    // How many payloads exist, in generations that are active, retired, or being destroyed.
    [[nodiscard]] std::size_t resident() const;
    // How many of them stay for now: active, kept, or held by a lease.
    [[nodiscard]] std::size_t pinned() const;
    // How long the oldest lease on a retired generation has lasted, where there is one.
    [[nodiscard]] std::optional<Clock::duration> oldest_lease_age() const;

    // The reaper's side.
    [[nodiscard]] Sweep sweep();
    // Says that the last sweep's dead are destroyed.
    void destroyed();
    // Says that nothing will be published or discarded any more.
    void close();
    // Returns after a change since `change`, or at `until`.
    void await_change(std::uint64_t change, std::optional<Clock::time_point> until);

    // Waits until every generation left is kept by a held lease; false if not so by `until`.
    [[nodiscard]] bool await_quiet(Clock::time_point until);

    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }

private:
    friend class ReadLease;
    friend class HeldLease;
    // These need the mutex.
    void retire(std::unique_ptr<Generation> old);
    [[nodiscard]] const Generation* replace(std::unique_ptr<Generation> next, bool is_kept);
    [[nodiscard]] std::vector<const void*> payloads() const;
    [[nodiscard]] bool is_quiet() const;
    void end(Generation* generation, std::list<Clock::time_point>::iterator entry) noexcept;

    const ProcessMark process_;
    // Stored only under the mutex; read without it by ReadLease.
    std::atomic<Generation*> active_{nullptr};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<Generation>> retired_;
    std::list<Clock::time_point> spare_;  // entries of ended leases, kept to save their allocation
    std::vector<const void*> dying_;      // payloads of the last sweep's dead
    std::uint64_t change_ = 0;
    bool is_closed_ = false;
};

inline bool HeldLease::is_here() const noexcept { return slot_->is_here(); }

inline ReadLease::ReadLease(Slot& slot) {
    hazard::Cell* cell = hazard::free_cell();
    if (cell == nullptr) {
        overflow_ = std::make_unique<HeldLease>(slot.hold());
        generation_ = overflow_->generation();
        return;
    }
    // acquire: enough for a first guess; the loads below decide. Partner: the exchange in Slot::publish.
    const Generation* seen = slot.active_.load(std::memory_order_acquire);
    while (seen != nullptr) {
        // seq_cst: partner of the scan in hazard::is_announced, which follows the exchange in Slot::publish.
        cell->store(seen, std::memory_order_seq_cst);
        // seq_cst: partner of the exchange in Slot::publish. If it still shows `seen`, any scan that could lead to
        // its destruction comes after the store above, and finds it. Weaker orders lose this on ARM.
        const Generation* again = slot.active_.load(std::memory_order_seq_cst);
        if (again == seen) {
            cell_ = cell;
            generation_ = seen;
            return;
        }
        seen = again;
    }
    // relaxed: nothing was read through the announcement that is taken back.
    cell->store(nullptr, std::memory_order_relaxed);
}

}  // namespace edgeadapt
