#include "edgeadapt/slot.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace edgeadapt {

HeldLease& HeldLease::operator=(HeldLease&& other) noexcept {
    if (this == &other) return *this;
    end();
    slot_ = std::move(other.slot_);
    generation_ = std::exchange(other.generation_, nullptr);
    entry_ = other.entry_;
    return *this;
}

void HeldLease::end() noexcept {
    if (generation_ == nullptr) return;
    slot_->end(std::exchange(generation_, nullptr), entry_);
    slot_.reset();
}

Slot::~Slot() {
    // Nobody else has the slot any more, so nobody reads. relaxed: the last shared_ptr's release ordered everything.
    delete active_.load(std::memory_order_relaxed);
}

HeldLease Slot::hold() {
    HeldLease lease;
    const std::lock_guard lock(mutex_);
    // relaxed: stored only under the mutex, which this thread has.
    Generation* active = active_.load(std::memory_order_relaxed);
    if (active == nullptr) return lease;
    std::list<Clock::time_point>& entries = active->held_since;
    if (spare_.empty()) spare_.emplace_back();
    entries.splice(entries.end(), spare_, spare_.begin());
    lease.entry_ = std::prev(entries.end());
    *lease.entry_ = Clock::now();
    lease.generation_ = active;
    lease.slot_ = shared_from_this();
    return lease;
}

void Slot::end(Generation* generation, std::list<Clock::time_point>::iterator entry) noexcept {
    // In a forked child the mutex may be held for ever by a thread that is not here.
    if (!is_here()) return;
    const std::lock_guard lock(mutex_);
    spare_.splice(spare_.begin(), generation->held_since, entry);
    if (generation->is_retired && generation->held_since.empty()) {
        ++change_;
        changed_.notify_all();
    }
}

void Slot::publish(std::unique_ptr<Generation> next) {
    const std::lock_guard lock(mutex_);
    if (next != nullptr) ++resident_;
    // seq_cst: partner of the reader's second look in ReadLease, and before any scan of the cells for `old`. It also
    // releases the generation's contents to the readers that load it.
    Generation* old = active_.exchange(next.release(), std::memory_order_seq_cst);
    if (old != nullptr) retire(std::unique_ptr<Generation>(old));
}

void Slot::discard(std::unique_ptr<Generation> unused) {
    const std::lock_guard lock(mutex_);
    ++resident_;
    retire(std::move(unused));
}

void Slot::retire(std::unique_ptr<Generation> old) {
    old->is_retired = true;
    old->retired_at = Clock::now();
    retired_.push_back(std::move(old));
    ++change_;
    changed_.notify_all();
}

std::size_t Slot::resident() const {
    const std::lock_guard lock(mutex_);
    return resident_;
}

std::optional<Clock::duration> Slot::oldest_lease_age() const {
    const std::lock_guard lock(mutex_);
    std::optional<Clock::time_point> oldest;
    for (const auto& generation : retired_) {
        // A reading leaves no time behind; it began before the generation was retired.
        Clock::time_point since = generation->retired_at;
        if (!generation->held_since.empty()) {
            since = generation->held_since.front();
        } else if (!hazard::is_announced(generation.get())) {
            continue;
        }
        if (!oldest || since < *oldest) oldest = since;
    }
    if (!oldest) return std::nullopt;
    return Clock::now() - *oldest;
}

Sweep Slot::sweep() {
    Sweep found;
    const std::lock_guard lock(mutex_);
    found.change = change_;
    const auto keeps = [&found](const std::unique_ptr<Generation>& generation) {
        const bool is_read = hazard::is_announced(generation.get());
        found.is_read = found.is_read || is_read;
        return is_read || !generation->held_since.empty();
    };
    const auto dead = std::stable_partition(retired_.begin(), retired_.end(), keeps);
    std::move(dead, retired_.end(), std::back_inserter(found.dead));
    retired_.erase(dead, retired_.end());
    found.is_over = is_closed_ && retired_.empty() && found.dead.empty();
    return found;
}

void Slot::destroyed(std::size_t count) {
    const std::lock_guard lock(mutex_);
    resident_ -= count;
    changed_.notify_all();
}

void Slot::close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    ++change_;
    changed_.notify_all();
}

void Slot::await_change(std::uint64_t change, std::optional<Clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto is_changed = [this, change] { return change_ != change; };
    if (until) {
        changed_.wait_until(lock, *until, is_changed);
    } else {
        changed_.wait(lock, is_changed);
    }
}

bool Slot::is_quiet() const {
    const auto held = std::count_if(retired_.begin(), retired_.end(), [](const auto& generation) {
        return !generation->held_since.empty();
    });
    return resident_ == static_cast<std::size_t>(held);
}

bool Slot::await_quiet(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [this] { return is_quiet(); });
}

}  // namespace edgeadapt
