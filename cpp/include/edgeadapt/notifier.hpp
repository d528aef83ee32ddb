// Tells events in their order on a thread of its own, so that a slow listener delays neither loads nor readers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include "edgeadapt/request.hpp"

namespace edgeadapt {

// Thread rule: `push` and `stop` from any thread, `run` is one thread's body.
class Notifier {
public:
    explicit Notifier(std::function<void(const Event&)> listener) : listener_(std::move(listener)) {}

    // Leaves an event out when `longest_backlog` others wait, if it only says that a request was accepted or
    // superseded: those come as fast as anyone asks. What a load led to is always told; it comes no faster than loads.
    void push(Event event);
    [[nodiscard]] std::uint64_t untold() const;
    // Returns after `stop`, once everything pushed before it is told.
    void run();
    void stop();

    static constexpr std::size_t longest_backlog = 1024;

private:
    std::function<void(const Event&)> listener_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    std::uint64_t untold_ = 0;
    bool is_stopping_ = false;
};

}  // namespace edgeadapt
