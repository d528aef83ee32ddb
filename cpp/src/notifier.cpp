#include "edgeadapt/notifier.hpp"

#include <utility>

namespace edgeadapt {

void Notifier::push(Event event) {
    const std::lock_guard lock(mutex_);
    const bool is_minor = event.state == State::idle || event.state == State::superseded;
    if (is_minor && events_.size() >= longest_backlog) {
        ++untold_;
        return;
    }
    events_.push_back(std::move(event));
    changed_.notify_one();
}

std::uint64_t Notifier::untold() const {
    const std::lock_guard lock(mutex_);
    return untold_;
}

void Notifier::run() {
    for (;;) {
        Event event;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return is_stopping_ || !events_.empty(); });
            if (events_.empty()) break;
            event = std::move(events_.front());
            events_.pop_front();
        }
        listener_(event);
    }
    // What it refers to may refer to the swapper: a closed one must not keep itself alive that way.
    listener_ = nullptr;
}

void Notifier::stop() {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    changed_.notify_one();
}

}  // namespace edgeadapt
