#include "edgeadapt/request.hpp"

namespace edgeadapt {

std::string_view name(Kind kind) noexcept {
    switch (kind) {
        case Kind::swap: return "swap";
        case Kind::preload: return "preload";
        case Kind::rollback: return "rollback";
        case Kind::recovery: return "recovery";
    }
    return "";
}

Request::Request(Event serving, Trigger trigger) : variant_(serving.variant), kind_(serving.kind) {
    static_cast<void>(finish(trigger, serving));
}

Kind Request::kind() const {
    const std::lock_guard lock(mutex_);
    return kind_;
}

void Request::turn_into(Kind kind) {
    const std::lock_guard lock(mutex_);
    kind_ = kind;
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
    event.kind = kind_;
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
