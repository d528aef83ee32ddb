// What is put in place and what is kept beside it: the previous generation while a probation lasts, and preloaded ones.
#include <algorithm>
#include <utility>

#include "edgeadapt/swapper.hpp"

namespace edgeadapt {

// Makes a payload serve under the next number; `is_back`: it served before, so that it needs no probation. Returns the
// event of it, whose state is the caller's to set.
Event Swapper::put(const std::string& variant, Payload payload, bool is_back) {
    Event event = event_about(variant);
    event.generation = ++last_number_;
    close_probation();
    std::shared_ptr<Trial> trial;
    if (probation_ && !is_back && !gap_ && event.previous) {
        trial = std::make_shared<Trial>(weak_from_this(), last_number_, *probation_);
    }
    auto next = std::make_unique<Generation>(last_number_, variant, std::move(payload), trial);
    if (trial != nullptr) {
        trial_ = std::move(trial);
        trial_ends_ = Clock::now() + probation_->time;
        previous_ = slot_->publish_and_keep(std::move(next));
    } else {
        slot_->publish(std::move(next));
    }
    evict(variant);
    const bool is_other = event.previous && *event.previous != variant;
    previous_variant_ = is_other && !is_back ? event.previous : std::nullopt;
    if (gap_ && is_back) {
        event.previous = gap_->failed;
        event.reason = gap_->reason;
        event.cause = gap_->cause;
    }
    end_gap();
    watchdog_wakes_.notify_all();
    return event;
}

Payload Swapper::resident_payload(const std::string& variant) const {
    for (const Generation* spare : preloaded_) {
        if (spare->variant == variant) return spare->payload;
    }
    if (previous_ != nullptr && previous_->variant == variant) return previous_->payload;
    return gap_ && gap_->origin == variant ? slot_->served_payload(variant) : nullptr;
}

bool Swapper::is_preloaded(const std::string& variant) const {
    return std::any_of(preloaded_.begin(), preloaded_.end(),
                       [&](const Generation* spare) { return spare->variant == variant; });
}

void Swapper::evict(const std::string& variant) {
    const auto gone = std::stable_partition(preloaded_.begin(), preloaded_.end(),
                                            [&](const Generation* spare) { return spare->variant != variant; });
    std::for_each(gone, preloaded_.end(), [this](const Generation* spare) { slot_->let_go(spare); });
    preloaded_.erase(gone, preloaded_.end());
}

void Swapper::evict_all() {
    for (const Generation* spare : std::exchange(preloaded_, {})) slot_->let_go(spare);
}

void Swapper::close_probation() {
    if (trial_ == nullptr) return;
    trial_->close();
    trial_.reset();
    slot_->let_go(std::exchange(previous_, nullptr));
    // A load may have waited for the room.
    loader_wakes_.notify_all();
}

void Swapper::end_probation(std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    if (trial_ != nullptr && trial_->generation() == generation) close_probation();
}

void Swapper::roll_back_from(std::uint64_t generation, const std::string& reason, const std::shared_ptr<void>& cause) {
    const std::lock_guard lock(mutex_);
    if (trial_ == nullptr || trial_->generation() != generation) return;
    const std::string variant = previous_->variant;
    Event event = put(variant, previous_->payload, true);
    event.kind = Kind::rollback;
    event.state = State::rolled_back;
    event.reason = reason;
    event.cause = cause;
    ++counters_.rolled_back;
    notifier_.push(std::move(event));
}

}  // namespace edgeadapt
