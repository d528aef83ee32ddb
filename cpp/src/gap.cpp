// A gap: the old variant goes before the new one is loaded, and comes back where that fails.
//
// A gap begins in the load of a request whose check asked for one, and ends when anything serves again. While no
// request to serve is open in it, the old variant is the wish: at once by what is left of it, else by loads, ever less
// often, until one succeeds or another variant is asked for.
#include <algorithm>
#include <utility>

#include "edgeadapt/swapper.hpp"

namespace edgeadapt {
namespace {

constexpr Clock::duration first_pause = std::chrono::milliseconds(500);
constexpr Clock::duration longest_pause = std::chrono::seconds(30);

}  // namespace

// Returns false where nothing was released: nothing served, or the request has ended. Returns early once it has.
bool Swapper::release_first(Request& request) {
    std::unique_lock lock(mutex_);
    Event before = event_about(request.variant());
    if (before.generation == 0) return false;
    if (request.kind() == Kind::preload) {
        // Ended here, with the mutex: a swap that joins it meanwhile would be told of a preload.
        before.reason = "it does not fit beside what serves, and a preload makes no gap";
        end(request, Trigger::fail, std::move(before));
        return false;
    }
    if (!request.advance(Trigger::release)) return false;
    gap_ = Gap{};
    gap_->origin = *before.previous;
    gap_->failed = request.variant();
    close_probation();
    evict_all();
    const void* old = nullptr;
    {
        const ReadLease lease = slot_->read();
        old = lease.generation()->payload.get();
    }
    slot_->publish(nullptr);
    ++counters_.gaps;
    Event began = event_about(request.variant());
    began.kind = request.kind();
    began.state = began.stage = State::releasing;
    notifier_.push(std::move(began));
    loader_wakes_.wait(lock, [&] {
        return request.is_done() || (!slot_->has(old) && slot_->resident() == slot_->pinned());
    });
    return true;
}

Serving Swapper::await_serving(Clock::time_point until) {
    if (!is_here()) refuse();
    std::unique_lock lock(mutex_);
    if (!serves_.wait_until(lock, until, [this] { return !gap_; })) return Serving::nothing_yet_in_a_gap;
    return is_closed_ || last_number_ == 0 ? Serving::nothing : Serving::something;
}

void Swapper::note_gap_failure(const Event& event) {
    const bool is_good = event.state == State::committed || event.state == State::rolled_back;
    if (!gap_ || is_good || event.kind == Kind::preload || event.kind == Kind::recovery) return;
    gap_->failed = event.variant;
    gap_->reason = event.reason.empty() ? std::string("it was ") + std::string(name(event.state)) : event.reason;
    spent_.push_back(std::exchange(gap_->cause, event.cause));
}

void Swapper::leave_gap_by_what_is_left() {
    if (!gap_ || is_closed_ || open_swap() != nullptr) return;
    Payload payload = slot_->served_payload(gap_->origin);
    if (payload == nullptr) return;
    Event event = put(std::string(gap_->origin), std::move(payload), true);
    event.kind = Kind::recovery;
    event.state = State::rolled_back;
    ++counters_.rolled_back;
    notifier_.push(std::move(event));
}

bool Swapper::is_recovery_due(Clock::time_point now) const {
    return gap_ && open_swap() == nullptr && now >= gap_->retry_at;
}

void Swapper::begin_recovery() {
    leave_gap_by_what_is_left();
    if (!gap_) return;
    gap_->pause = std::clamp(2 * gap_->pause, first_pause, longest_pause);
    gap_->retry_at = Clock::now() + gap_->pause;
    mailbox_ = make_request(gap_->origin, Kind::recovery);
    accept(Kind::recovery, event_about(gap_->origin));
}

void Swapper::end_gap() {
    if (!gap_) return;
    spent_.push_back(std::move(gap_->cause));
    gap_.reset();
    serves_.notify_all();
}

}  // namespace edgeadapt
