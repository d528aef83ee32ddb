// The loader's thread: takes a request when there is room for it, brings it through the stages, and commits.
#include <algorithm>
#include <optional>
#include <utility>

#include "edgeadapt/background.hpp"
#include "edgeadapt/companion.hpp"
#include "edgeadapt/swapper.hpp"

namespace edgeadapt {
namespace {

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

void Swapper::run_loader() {
    run_in_background();
    const Companion companion;
    while (const auto request = await_request()) {
        serve(*request);
        activator_->end(request->variant());
        // `request` outlives the lock, so that an error in it is not destroyed under it.
        const std::lock_guard lock(mutex_);
        begun_.reset();
        leave_gap_by_what_is_left();
    }
    // What it refers to may refer to the swapper: a closed swapper must not keep itself alive that way.
    std::shared_ptr<Activator> last;
    {
        const std::lock_guard lock(mutex_);
        last = std::move(activator_);
    }
    last.reset();
    slot_->close();
}

// Returns null once the swapper is closed.
std::shared_ptr<Request> Swapper::await_request() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (is_closed_) return nullptr;
        if (trimmer_.take(Clock::now())) {
            // Here, since beside a load it would hold up whoever needs memory, the load most of all.
            lock.unlock();
            Companion::run([this] { trimmer_.trim(); });
            lock.lock();
            continue;
        }
        if (is_recovery_due(Clock::now())) begin_recovery();
        std::shared_ptr<Request>& box = mailbox_ != nullptr ? mailbox_ : preload_box_;
        if (box != nullptr && has_room(box->kind() == Kind::preload)) {
            ++loads_;
            is_cancel_due_ = false;
            return begun_ = std::exchange(box, nullptr);
        }
        std::optional<Clock::time_point> until = trimmer_.due_at();
        if (gap_ && mailbox_ == nullptr) until = until ? std::min(*until, gap_->retry_at) : gap_->retry_at;
        if (until) {
            loader_wakes_.wait_until(lock, *until);
        } else {
            loader_wakes_.wait(lock);
        }
    }
}

// Makes room too, which the reaper then needs a moment for: first by what was preloaded, oldest first; then, for a
// request to serve, by the end of a probation, since the newer choice matters more than a way back from the older one.
bool Swapper::has_room(bool is_preload) {
    // In a gap memory is what lacks, so whatever can go goes first; and a preload would only take it.
    if (gap_) return !is_preload && slot_->resident() == slot_->pinned();
    if (slot_->resident() < max_resident_) return true;
    while (slot_->pinned() >= max_resident_) {
        if (!preloaded_.empty()) {
            evict(std::string(preloaded_.front()->variant));
        } else if (previous_ != nullptr && !is_preload) {
            close_probation();
        } else {
            break;
        }
    }
    return false;
}

void Swapper::serve(Request& request) {
    const Clock::time_point started = Clock::now();
    Payload payload;
    try {
        load(request, payload);
        finish(request, std::move(payload), seconds_since(started));
        return;
    } catch (const ActivationFailure& failure) {
        fail(request, failure.what(), failure.cause, seconds_since(started));
    } catch (const std::exception& error) {
        fail(request, error.what(), nullptr, seconds_since(started));
    } catch (...) {
        fail(request, "an error without a text", nullptr, seconds_since(started));
    }
    if (payload != nullptr) {
        slot_->discard(std::make_unique<Generation>(0, request.variant(), std::move(payload)));
    }
}

// Each step is left out once the request has ended meanwhile; what is there by then is only destroyed.
void Swapper::load(Request& request, Payload& payload) {
    const std::string& variant = request.variant();
    if (!request.advance(Trigger::begin)) return;
    std::optional<std::string> active;
    {
        const ReadLease lease = slot_->read();
        if (lease.generation() != nullptr) active = lease.generation()->variant;
    }
    Checked checked = activator_->check(loads_, variant, active);
    payload = std::move(checked.payload);
    const bool is_released = checked.needs_gap && release_first(request);
    if (request.advance(is_released ? Trigger::released : Trigger::checked)) activator_->load(variant, payload.get());
    if (request.advance(Trigger::loaded)) activator_->warm(variant, payload.get());
    if (request.advance(Trigger::warmed)) activator_->validate(variant, payload.get());
}

void Swapper::finish(Request& request, Payload payload, double load_time_s) {
    const std::string& variant = request.variant();
    const std::lock_guard lock(mutex_);
    if (request.is_done()) {
        if (payload != nullptr) slot_->discard(std::make_unique<Generation>(0, variant, std::move(payload)));
        return;
    }
    Event event;
    Trigger trigger = Trigger::keep;
    const Kind kind = request.kind();
    if (kind == Kind::preload) {
        preloaded_.push_back(slot_->keep(std::make_unique<Generation>(0, variant, std::move(payload))));
        event = event_about(variant);
    } else {
        const bool is_back = kind != Kind::swap;
        trigger = is_back ? Trigger::restore : Trigger::validated;
        event = put(variant, std::move(payload), is_back);
    }
    event.load_time_s = load_time_s;
    end(request, trigger, std::move(event));
}

void Swapper::fail(Request& request, const char* reason, std::shared_ptr<void> cause, double load_time_s) {
    const std::lock_guard lock(mutex_);
    Event event = event_about(request.variant());
    event.reason = reason;
    event.cause = std::move(cause);
    event.load_time_s = load_time_s;
    end(request, Trigger::fail, std::move(event));
}

}  // namespace edgeadapt
