// A thread whose end can be waited for with a bound: what hangs in it must not hang whoever stops it.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "edgeadapt/generation.hpp"

namespace edgeadapt {

// Thread rule: `start` once; then `end_by` from any thread. A forked child must not destroy one that was started.
class Worker {
public:
    Worker() = default;
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    ~Worker() = default;  // INVARIANT: end_by was called, so the thread is joined or on its own.

    // `name` is what the system's tools show (15 letters count).
    void start(const char* name, std::function<void()> body);

    // Joins the thread if its body ends by `until`; else, or when called on it, leaves it to end on its own: false.
    bool end_by(Clock::time_point until);

    [[nodiscard]] bool is_this_thread() const noexcept;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace edgeadapt
