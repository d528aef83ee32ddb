#include "edgeadapt/worker.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

#if defined(__linux__)
#include <pthread.h>
#endif

namespace edgeadapt {

struct Worker::Shared {
    std::mutex mutex;
    std::condition_variable ended;
    bool is_ended = false;
    bool is_claimed = false;  // someone joins the thread, or let it go
    std::thread::id id;
};

void Worker::start(const char* name, std::function<void()> body) {
    auto shared = std::make_shared<Shared>();
    const std::lock_guard lock(shared->mutex);
    thread_ = std::thread([shared, body = std::move(body)]() mutable {
        body();
        // What the body kept alive goes before the end is told, so that after a join nothing of it is left.
        body = nullptr;
        const std::lock_guard inner(shared->mutex);
        shared->is_ended = true;
        shared->ended.notify_all();
    });
    shared->id = thread_.get_id();
#if defined(__linux__)
    pthread_setname_np(thread_.native_handle(), name);
#else
    static_cast<void>(name);
#endif
    shared_ = std::move(shared);
}

bool Worker::end_by(Clock::time_point until) {
    if (shared_ == nullptr) return true;
    const bool is_own = is_this_thread();
    std::unique_lock lock(shared_->mutex);
    const bool is_ended =
        !is_own && shared_->ended.wait_until(lock, until, [this] { return shared_->is_ended; });
    if (std::exchange(shared_->is_claimed, true)) return is_ended;
    lock.unlock();
    if (is_ended) {
        thread_.join();
    } else {
        thread_.detach();
    }
    return is_ended;
}

bool Worker::is_this_thread() const noexcept {
    if (shared_ == nullptr) return false;
    const std::lock_guard lock(shared_->mutex);
    return shared_->id == std::this_thread::get_id();
}

}  // namespace edgeadapt
