// The watchdog's thread: ends requests and probations whose time is over, and has loads cancelled that nobody wants.
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "edgeadapt/swapper.hpp"

namespace edgeadapt {

void Swapper::run_watchdog() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!is_closed_) expire(Clock::now());
        if (is_cancel_due_ || !spent_.empty()) {
            // Who asked for it does not wait for the backend, which may take its time.
            std::shared_ptr<Activator> canceller = std::exchange(is_cancel_due_, false) ? activator_ : nullptr;
            std::vector<std::shared_ptr<void>> spent = std::exchange(spent_, {});
            const std::uint64_t load = loads_;
            lock.unlock();
            if (canceller != nullptr) canceller->cancel(load);
            canceller.reset();
            spent.clear();
            lock.lock();
            continue;
        }
        if (is_closed_) return;
        if (const auto next = next_deadline()) {
            watchdog_wakes_.wait_until(lock, *next);
        } else {
            watchdog_wakes_.wait(lock);
        }
    }
}

void Swapper::expire(Clock::time_point now) {
    for (const auto& request : {mailbox_, preload_box_, begun_}) {
        if (request == nullptr || request->is_done() || !request->deadline || *request->deadline > now) continue;
        leave(*request, Trigger::time_out, lateness(*request));
        leave_gap_by_what_is_left();
    }
    if (trial_ != nullptr && trial_ends_ <= now) close_probation();
}

std::string Swapper::lateness(const Request& request) const {
    const double limit = load_timeout_ ? std::chrono::duration<double>(*load_timeout_).count() : 0.0;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "took longer than %g s", limit);
    std::string reason = text.data();
    const State state = request.state();
    if (state != State::idle && state != State::releasing) return reason;
    if (state == State::idle && begun_ != nullptr) return reason + ", behind the load of `" + begun_->variant() + "`";
    reason += " to find room";
    const auto age = slot_->oldest_lease_age();
    if (!age) return reason;
    std::snprintf(text.data(), text.size(), "%.3g s", std::chrono::duration<double>(*age).count());
    return reason + ": an old generation is held by a lease for " + text.data() + " now";
}

std::optional<Clock::time_point> Swapper::next_deadline() const {
    std::optional<Clock::time_point> next;
    const auto consider = [&next](Clock::time_point at) { next = next ? std::min(*next, at) : at; };
    for (const auto& request : {mailbox_, preload_box_, begun_}) {
        if (request != nullptr && request->deadline && !request->is_done()) consider(*request->deadline);
    }
    if (trial_ != nullptr) consider(trial_ends_);
    return next;
}

}  // namespace edgeadapt
