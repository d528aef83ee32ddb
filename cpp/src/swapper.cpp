#include "edgeadapt/swapper.hpp"

#include <utility>

namespace edgeadapt {
namespace {

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Swapper::Swapper(std::unique_ptr<Activator> activator, std::function<void(const Event&)> listener,
                 SwapperOptions options)
    : activator_(std::move(activator)),
      max_resident_(options.max_resident),
      notifier_(std::move(listener)),
      reaper_(slot_, Trimmer(std::move(options.trim), options.trim_interval), [this] {
          // The lock orders this with the loader's look at the slot, which happens under it.
          { const std::lock_guard lock(mutex_); }
          loader_wakes_.notify_all();
      }) {}

std::shared_ptr<Swapper> Swapper::start(std::unique_ptr<Activator> activator,
                                        std::function<void(const Event&)> listener, SwapperOptions options) {
    std::shared_ptr<Swapper> self(new Swapper(std::move(activator), std::move(listener), std::move(options)));
    try {
        // The loader first: closed, it ends the others.
        self->loader_thread_.start("ea-loader", [self] { self->run_loader(); });
        self->notifier_thread_.start("ea-notifier", [self] { self->notifier_.run(); });
        self->reaper_thread_.start("ea-reaper", [self] { self->reaper_.run(); });
    } catch (...) {
        self->close(Clock::now() + std::chrono::seconds(1));
        throw;
    }
    return self;
}

void Swapper::refuse() const {
    if (!is_here()) throw NotServing::after_fork();
    throw NotServing("nothing serves: the swapper is closed, or its first variant is not loaded yet");
}

std::shared_ptr<Request> Swapper::open_request() const {
    if (mailbox_ != nullptr) return mailbox_;
    return begun_ != nullptr && !begun_->is_done() ? begun_ : nullptr;
}

Event Swapper::event_about(const std::string& variant) const {
    Event event;
    event.variant = variant;
    const ReadLease lease = slot_->read();
    if (lease.generation() != nullptr) {
        event.previous = lease.generation()->variant;
        event.generation = lease.generation()->number;
    }
    return event;
}

void Swapper::end(Request& request, Trigger trigger, Event event, std::uint64_t Counters::*counter) {
    if (!request.finish(trigger, event)) return;
    ++(counters_.*counter);
    notifier_.push(std::move(event));
}

std::shared_ptr<Request> Swapper::swap_to(const std::string& variant) {
    if (!is_here()) refuse();
    const std::lock_guard lock(mutex_);
    if (is_closed_) refuse();
    if (const auto open = open_request(); open != nullptr) {
        if (open->variant() == variant) {
            ++counters_.joined;
            return open;
        }
        end(*open, Trigger::supersede, event_about(open->variant()), &Counters::superseded);
        mailbox_.reset();
    }
    Event event = event_about(variant);
    if (event.previous == variant) {
        ++counters_.joined;
        return std::make_shared<Request>(std::move(event));
    }
    ++counters_.attempted;
    notifier_.push(std::move(event));
    mailbox_ = std::make_shared<Request>(variant);
    loader_wakes_.notify_all();
    return mailbox_;
}

ReadLease Swapper::read() {
    if (!is_here()) refuse();
    return slot_->read();
}

HeldLease Swapper::hold() {
    if (!is_here()) refuse();
    HeldLease lease = slot_->hold();
    if (lease.generation() == nullptr) refuse();
    return lease;
}

void Swapper::run_loader() {
    for (;;) {
        std::shared_ptr<Request> request;
        {
            std::unique_lock lock(mutex_);
            loader_wakes_.wait(lock, [this] {
                return is_closed_ || (mailbox_ != nullptr && slot_->resident() < max_resident_);
            });
            if (is_closed_) break;
            begun_ = request = std::exchange(mailbox_, nullptr);
        }
        serve(*request);
        // `request` outlives the lock, so that an error in it is not destroyed under it.
        const std::lock_guard lock(mutex_);
        begun_.reset();
    }
    // What it refers to may refer to the swapper: a closed swapper must not keep itself alive that way.
    activator_.reset();
    slot_->close();
}

void Swapper::serve(Request& request) {
    const Clock::time_point started = Clock::now();
    Payload payload = no_payload();
    const std::string& variant = request.variant();
    try {
        // Each step is left out once the request has ended meanwhile; what is there by then is only destroyed.
        if (request.advance(Trigger::begin)) payload = activator_->check(variant);
        if (request.advance(Trigger::checked)) activator_->load(variant, payload.get());
        if (request.advance(Trigger::loaded)) activator_->warm(variant, payload.get());
        if (request.advance(Trigger::warmed)) activator_->validate(variant, payload.get());
        commit(request, std::move(payload), seconds_since(started));
        return;
    } catch (const ActivationFailure& failure) {
        fail(request, failure.what(), failure.cause, seconds_since(started));
    } catch (const std::exception& error) {
        fail(request, error.what(), nullptr, seconds_since(started));
    } catch (...) {
        fail(request, "an error without a text", nullptr, seconds_since(started));
    }
    if (payload != nullptr) slot_->discard(std::make_unique<Generation>(0, variant, std::move(payload)));
}

void Swapper::commit(Request& request, Payload payload, double load_time_s) {
    const std::lock_guard lock(mutex_);
    if (request.is_done()) {
        slot_->discard(std::make_unique<Generation>(0, request.variant(), std::move(payload)));
        return;
    }
    Event event = event_about(request.variant());
    event.generation = ++last_number_;
    event.load_time_s = load_time_s;
    slot_->publish(std::make_unique<Generation>(last_number_, request.variant(), std::move(payload)));
    end(request, Trigger::validated, std::move(event), &Counters::succeeded);
}

void Swapper::fail(Request& request, const char* reason, std::shared_ptr<void> cause, double load_time_s) {
    const std::lock_guard lock(mutex_);
    Event event = event_about(request.variant());
    event.reason = reason;
    event.cause = std::move(cause);
    event.load_time_s = load_time_s;
    end(request, Trigger::fail, std::move(event), &Counters::failed);
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
    if (const auto open = open_request(); open != nullptr) {
        status.requested = open->variant();
        status.stage = open->state();
    }
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
            if (const auto open = open_request(); open != nullptr) {
                end(*open, Trigger::cancel, event_about(open->variant()), &Counters::cancelled);
            }
            mailbox_.reset();
            slot_->publish(nullptr);
            loader_wakes_.notify_all();
            notifier_.stop();
        }
    }
    const bool is_loader_over = loader_thread_.end_by(until);
    const bool is_notifier_over = notifier_thread_.end_by(until);
    const bool is_quiet = slot_->await_quiet(until);
    // A reaper that waits on held leases waits as long as they last, on its own.
    const bool is_reaper_over = reaper_thread_.end_by(is_quiet && slot_->resident() > 0 ? Clock::now() : until);
    return is_loader_over && is_notifier_over && is_quiet && (is_reaper_over || slot_->resident() > 0);
}

}  // namespace edgeadapt
