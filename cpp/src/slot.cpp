#include "edgeadapt/slot.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace edgeadapt {
namespace {

std::size_t distinct(std::vector<const void*> pointers) {
    std::sort(pointers.begin(), pointers.end());
    return static_cast<std::size_t>(std::unique(pointers.begin(), pointers.end()) - pointers.begin());
}

}  // namespace

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

const Generation* Slot::replace(std::unique_ptr<Generation> next, bool is_kept) {
    // seq_cst: partner of the reader's second look in ReadLease, and before any scan of the cells for `old`. It also
    // releases the generation's contents to the readers that load it.
    Generation* old = active_.exchange(next.release(), std::memory_order_seq_cst);
    if (old == nullptr) return nullptr;
    old->is_kept = is_kept;
    retire(std::unique_ptr<Generation>(old));
    return old;
}

void Slot::publish(std::unique_ptr<Generation> next) {
    const std::lock_guard lock(mutex_);
    static_cast<void>(replace(std::move(next), false));
}

const Generation* Slot::publish_and_keep(std::unique_ptr<Generation> next) {
    const std::lock_guard lock(mutex_);
    return replace(std::move(next), true);
}

void Slot::discard(std::unique_ptr<Generation> unused) {
    const std::lock_guard lock(mutex_);
    retire(std::move(unused));
}

const Generation* Slot::keep(std::unique_ptr<Generation> spare) {
    const std::lock_guard lock(mutex_);
    const Generation* kept = spare.get();
    spare->is_kept = true;
    retire(std::move(spare));
    return kept;
}

void Slot::let_go(const Generation* kept) {
    const std::lock_guard lock(mutex_);
    for (const auto& generation : retired_) {
        if (generation.get() == kept) generation->is_kept = false;
    }
    ++change_;
    changed_.notify_all();
}

Payload Slot::served_payload(const std::string& variant) const {
    const std::lock_guard lock(mutex_);
    const Generation* newest = nullptr;
    for (const auto& generation : retired_) {
        if (generation->variant != variant || generation->number == 0) continue;
        if (newest == nullptr || generation->number > newest->number) newest = generation.get();
    }
    return newest == nullptr ? nullptr : newest->payload;
}

void Slot::retire(std::unique_ptr<Generation> old) {
    old->is_retired = true;
    old->retired_at = Clock::now();
    retired_.push_back(std::move(old));
    ++change_;
    changed_.notify_all();
}

std::vector<const void*> Slot::payloads() const {
    std::vector<const void*> all = dying_;
    // relaxed: stored only under the mutex, which this thread has.
    if (const Generation* active = active_.load(std::memory_order_relaxed)) all.push_back(active->payload.get());
    for (const auto& generation : retired_) all.push_back(generation->payload.get());
    return all;
}

std::size_t Slot::resident() const {
    const std::lock_guard lock(mutex_);
    return distinct(payloads());
}

bool Slot::has(const void* payload) const {
    const std::lock_guard lock(mutex_);
    const std::vector<const void*> all = payloads();
    return std::find(all.begin(), all.end(), payload) != all.end();
}

std::size_t Slot::pinned() const {
    const std::lock_guard lock(mutex_);
    std::vector<const void*> payloads;
    // relaxed: stored only under the mutex, which this thread has.
    if (const Generation* active = active_.load(std::memory_order_relaxed)) payloads.push_back(active->payload.get());
    for (const auto& generation : retired_) {
        if (generation->is_kept || !generation->held_since.empty()) payloads.push_back(generation->payload.get());
    }
    return distinct(std::move(payloads));
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
        return is_read || generation->is_kept || !generation->held_since.empty();
    };
    const auto dead = std::stable_partition(retired_.begin(), retired_.end(), keeps);
    std::transform(dead, retired_.end(), std::back_inserter(dying_),
                   [](const auto& generation) { return generation->payload.get(); });
    std::move(dead, retired_.end(), std::back_inserter(found.dead));
    retired_.erase(dead, retired_.end());
    found.is_over = is_closed_ && retired_.empty() && found.dead.empty();
    return found;
}

void Slot::destroyed() {
    const std::lock_guard lock(mutex_);
    dying_.clear();
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
    // relaxed: stored only under the mutex, which this thread has.
    return active_.load(std::memory_order_relaxed) == nullptr && dying_.empty() &&
           std::all_of(retired_.begin(), retired_.end(),
                       [](const auto& generation) { return !generation->held_since.empty(); });
}

bool Slot::await_quiet(Clock::time_point until) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, until, [this] { return is_quiet(); });
}

}  // namespace edgeadapt
