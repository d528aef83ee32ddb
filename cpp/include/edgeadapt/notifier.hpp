// Tells events in their order on a thread of its own, so that a slow listener delays neither loads nor readers.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "edgeadapt/request.hpp"

namespace edgeadapt {

// Thread rule: `push` and `stop` from any thread, `run` is one thread's body.
class Notifier {
public:
    explicit Notifier(std::function<void(const Event&)> listener) : listener_(std::move(listener)) {}

    void push(Event event);
    // Returns after `stop`, once everything pushed before it is told.
    void run();
    void stop();

private:
    std::function<void(const Event&)> listener_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    bool is_stopping_ = false;
};

}  // namespace edgeadapt
