// Requests: how they are accepted, joined, superseded and ended; and what the swapper shows of itself.
#include "edgeadapt/swapper.hpp"

#include <utility>

namespace edgeadapt {

Swapper::Swapper(std::unique_ptr<Activator> activator, std::function<void(const Event&)> listener,
                 SwapperOptions options)
    : max_resident_(options.max_resident),
      load_timeout_(options.load_timeout),
      probation_(options.probation),
      notifier_(std::move(listener)),
      reaper_(slot_,
              [this] {
                  {
                      // The lock orders this with the loader's look at the slot, which happens under it.
                      const std::lock_guard lock(mutex_);
                      trimmer_.ask();
                  }
                  loader_wakes_.notify_all();
              }),
      trimmer_(std::move(options.trim), options.trim_interval),
      activator_(std::move(activator)) {}

std::shared_ptr<Swapper> Swapper::start(std::unique_ptr<Activator> activator,
                                        std::function<void(const Event&)> listener, SwapperOptions options) {
    std::shared_ptr<Swapper> self(new Swapper(std::move(activator), std::move(listener), std::move(options)));
    try {
        // The loader first: closed, it ends the others.
        self->loader_thread_.start("ea-loader", [self] { self->run_loader(); });
        self->notifier_thread_.start("ea-notifier", [self] { self->notifier_.run(); });
        self->reaper_thread_.start("ea-reaper", [self] {
            self->reaper_.run();
            // The loader has ended; and this was the last there was to free.
            self->trimmer_.trim();
        });
        self->watchdog_thread_.start("ea-watchdog", [self] { self->run_watchdog(); });
    } catch (...) {
        self->close(Clock::now() + std::chrono::seconds(1));
        throw;
    }
    return self;
}

void Swapper::refuse() const {
    if (!is_here()) throw NotServing::after_fork();
    const std::lock_guard lock(mutex_);
    refuse_if_closed();
    if (!gap_) throw NotServing("nothing serves: the first variant is not loaded yet");
    const std::string gap = "nothing serves: in a gap after `" + gap_->origin + "`";
    if (gap_->reason.empty()) throw NotServing(gap + ", until `" + gap_->failed + "` is loaded");
    throw NotServing(gap + ", until that is loaded again; `" + gap_->failed + "` did not take its place: " + gap_->reason);
}

void Swapper::refuse_if_closed() const {
    if (is_closed_) throw NotServing("nothing serves: the swapper is closed");
}

std::shared_ptr<Request> Swapper::open_swap() const {
    if (mailbox_ != nullptr) return mailbox_;
    const bool is_open = begun_ != nullptr && begun_->kind() != Kind::preload && !begun_->is_done();
    return is_open ? begun_ : nullptr;
}

std::shared_ptr<Request> Swapper::open_preload() const {
    if (preload_box_ != nullptr) return preload_box_;
    const bool is_open = begun_ != nullptr && begun_->kind() == Kind::preload && !begun_->is_done();
    return is_open ? begun_ : nullptr;
}

std::shared_ptr<Request> Swapper::make_request(const std::string& variant, Kind kind) {
    std::optional<Clock::time_point> deadline;
    if (load_timeout_) deadline = Clock::now() + *load_timeout_;
    return std::make_shared<Request>(variant, kind, deadline);
}

Event Swapper::event_about(const std::string& variant) const {
    Event event;
    event.variant = variant;
    const ReadLease lease = slot_->read();
    if (lease.generation() != nullptr) {
        event.previous = lease.generation()->variant;
        event.generation = lease.generation()->number;
    } else if (gap_) {
        event.previous = gap_->origin;
    }
    return event;
}

void Swapper::accept(Kind kind, Event event) {
    if (kind != Kind::preload) ++counters_.attempted;
    event.kind = kind;
    notifier_.push(std::move(event));
    loader_wakes_.notify_all();
    watchdog_wakes_.notify_all();
}

void Swapper::count(const Event& event) {
    if (event.state == State::rolled_back) ++counters_.rolled_back;
    if (event.state == State::preloaded) ++counters_.preloaded;
    if (event.kind == Kind::preload) {
        if (event.state != State::preloaded) ++counters_.preloads_failed;
        return;
    }
    switch (event.state) {
        case State::failed: ++counters_.failed; break;
        case State::superseded: ++counters_.superseded; break;
        case State::timed_out: ++counters_.timed_out; break;
        case State::cancelled: ++counters_.cancelled; break;
        default: ++counters_.succeeded; break;
    }
}

void Swapper::end(Request& request, Trigger trigger, Event event) {
    if (!request.finish(trigger, event)) return;
    count(event);
    const bool is_left = trigger == Trigger::supersede || trigger == Trigger::time_out || trigger == Trigger::cancel;
    if (is_left && &request == begun_.get()) is_cancel_due_ = true;
    note_gap_failure(event);
    notifier_.push(std::move(event));
    loader_wakes_.notify_all();
    watchdog_wakes_.notify_all();
}

// Ends an open request before its load does.
void Swapper::leave(Request& request, Trigger trigger, std::string reason) {
    Event event = event_about(request.variant());
    event.reason = std::move(reason);
    end(request, trigger, std::move(event));
    if (&request == mailbox_.get()) mailbox_.reset();
    if (&request == preload_box_.get()) preload_box_.reset();
}

std::shared_ptr<Request> Swapper::swap_to(const std::string& variant) {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    refuse_if_closed();
    if (const auto open = open_swap(); open != nullptr) {
        if (open->variant() == variant) {
            ++counters_.joined;
            return open;
        }
        leave(*open, Trigger::supersede);
    }
    Event event = event_about(variant);
    if (event.generation != 0 && event.previous == variant) {
        ++counters_.joined;
        return std::make_shared<Request>(std::move(event), Trigger::found);
    }
    if (Payload payload = resident_payload(variant)) return serve_at_once(variant, Kind::swap, std::move(payload));
    return enter(variant, Kind::swap, std::move(event));
}

std::shared_ptr<Request> Swapper::roll_back() {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    refuse_if_closed();
    const std::optional<std::string> target = gap_ ? gap_->origin : previous_variant_;
    if (!target) throw NoPrevious();
    if (const auto open = open_swap(); open != nullptr) {
        if (open->variant() == *target) {
            ++counters_.joined;
            return open;
        }
        leave(*open, Trigger::supersede);
    }
    if (Payload payload = resident_payload(*target)) return serve_at_once(*target, Kind::rollback, std::move(payload));
    return enter(*target, Kind::rollback, event_about(*target));
}

// A load is needed. A preload of the same variant becomes the request; one of another variant that is begun gives way.
std::shared_ptr<Request> Swapper::enter(const std::string& variant, Kind kind, Event event) {
    if (const auto open = open_preload(); open != nullptr) {
        if (open->variant() == variant) {
            open->turn_into(kind);
            if (open == preload_box_) mailbox_ = std::exchange(preload_box_, nullptr);
            accept(kind, std::move(event));
            return open;
        }
        if (open == begun_) leave(*open, Trigger::supersede);
    }
    mailbox_ = make_request(variant, kind);
    accept(kind, std::move(event));
    return mailbox_;
}

std::shared_ptr<Request> Swapper::serve_at_once(const std::string& variant, Kind kind, Payload payload) {
    const auto request = make_request(variant, kind);
    accept(kind, event_about(variant));
    const bool is_back = kind == Kind::rollback;
    end(*request, is_back ? Trigger::restore : Trigger::found, put(variant, std::move(payload), is_back));
    return request;
}

std::shared_ptr<Request> Swapper::preload(const std::string& variant) {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    refuse_if_closed();
    std::shared_ptr<Request> open = open_swap();
    if (open == nullptr || open->variant() != variant) open = open_preload();
    if (open != nullptr && open->variant() == variant) {
        ++counters_.joined;
        return open;
    }
    if (open != nullptr) leave(*open, Trigger::supersede);
    Event event = event_about(variant);
    event.kind = Kind::preload;
    if (is_preloaded(variant) || (event.generation != 0 && event.previous == variant)) {
        ++counters_.joined;
        return std::make_shared<Request>(std::move(event), Trigger::keep);
    }
    auto request = make_request(variant, Kind::preload);
    accept(Kind::preload, event);
    // In a gap what is left of the old variant is on its way out, to make room.
    if (Payload payload = gap_ ? nullptr : resident_payload(variant)) {
        preloaded_.push_back(slot_->keep(std::make_unique<Generation>(0, variant, std::move(payload))));
        end(*request, Trigger::keep, std::move(event));
        return request;
    }
    return preload_box_ = std::move(request);
}

bool Swapper::cancel() {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Request> open = open_swap();
    if (open == nullptr || open->kind() == Kind::recovery) open = open_preload();
    if (open == nullptr) return false;
    leave(*open, Trigger::cancel);
    leave_gap_by_what_is_left();
    return true;
}

ReadLease Swapper::read() {
    if (!is_here()) refuse();
    return slot_->read();
}

HeldLease Swapper::hold() {
    if (!is_here()) refuse();
    return slot_->hold();
}

Counters Swapper::counters() const {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    Counters counters = counters_;
    counters.untold = notifier_.untold();
    return counters;
}

Status Swapper::status() const {
    if (!is_here()) refuse();
    Status status;
    const std::lock_guard lock(mutex_);
    {
        const ReadLease lease = slot_->read();
        if (lease.generation() != nullptr) {
            status.active = lease.generation()->variant;
            status.generation = lease.generation()->number;
        }
    }
    if (const auto open = open_swap(); open != nullptr) {
        status.requested = open->variant();
        status.stage = open->state();
    }
    if (const auto open = open_preload(); open != nullptr) status.preloading = open->variant();
    for (const Generation* spare : preloaded_) status.preloaded.push_back(spare->variant);
    status.previous = gap_ ? gap_->origin : previous_variant_;
    if (trial_ != nullptr) {
        const Clock::duration left = trial_ends_ - Clock::now();
        status.probation = {*status.active, trial_->inferences(), trial_->errors(), left};
    }
    status.is_in_gap = gap_.has_value();
    status.resident = slot_->resident();
    status.is_waiting_for_room = mailbox_ != nullptr && status.resident >= max_resident_;
    status.oldest_lease_age = slot_->oldest_lease_age();
    status.is_closed = is_closed_;
    return status;
}

bool Swapper::close(Clock::time_point until) {
    if (!is_here()) return false;
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(is_closed_, true)) {
            if (const auto open = open_swap(); open != nullptr) leave(*open, Trigger::cancel);
            if (const auto open = open_preload(); open != nullptr) leave(*open, Trigger::cancel);
            end_gap();
            close_probation();
            evict_all();
            slot_->publish(nullptr);
            loader_wakes_.notify_all();
            watchdog_wakes_.notify_all();
            serves_.notify_all();
            notifier_.stop();
        }
    }
    const bool is_loader_over = loader_thread_.end_by(until);
    const bool is_watchdog_over = watchdog_thread_.end_by(until);
    const bool is_notifier_over = notifier_thread_.end_by(until);
    const bool is_quiet = slot_->await_quiet(until);
    // A reaper that waits on held leases waits as long as they last, on its own; they may end while this is decided.
    const bool is_held = is_quiet && slot_->resident() > 0;
    const bool is_reaper_over = reaper_thread_.end_by(is_held ? Clock::now() : until);
    return is_loader_over && is_watchdog_over && is_notifier_over && is_quiet && (is_reaper_over || is_held);
}

}  // namespace edgeadapt
