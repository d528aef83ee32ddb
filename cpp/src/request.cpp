#include "edgeadapt/request.hpp"

namespace edgeadapt {

Request::Request(Event serving) : variant_(serving.variant) {
    for (const Trigger trigger : {Trigger::begin, Trigger::checked, Trigger::loaded, Trigger::warmed}) {
        static_cast<void>(lifecycle_.apply(trigger));
    }
    static_cast<void>(finish(Trigger::validated, serving));
}

State Request::state() const {
    const std::lock_guard lock(mutex_);
    return lifecycle_.state();
}

bool Request::advance(Trigger trigger) {
    const std::lock_guard lock(mutex_);
    return lifecycle_.apply(trigger);
}

bool Request::finish(Trigger trigger, Event& event) {
    const std::lock_guard lock(mutex_);
    const State stage = lifecycle_.state();
    if (!lifecycle_.apply(trigger)) return false;
    event.stage = stage;
    event.state = lifecycle_.state();
    outcome_ = event;
    ended_.notify_all();
    return true;
}

bool Request::await(Clock::time_point until) const {
    std::unique_lock lock(mutex_);
    return ended_.wait_until(lock, until, [this] { return outcome_.has_value(); });
}

std::optional<Event> Request::outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_;
}

}  // namespace edgeadapt
