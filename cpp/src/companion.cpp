#include "edgeadapt/companion.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <pthread.h>
#endif

#include "edgeadapt/background.hpp"
#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

class Companion::Thread {
public:
    Thread() = default;
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;
    ~Thread() {
        if (!thread_.joinable()) return;
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }

    // Once for all; false where the system has no thread left, and then tried again by the next job.
    [[nodiscard]] bool start() noexcept {
        try {
            if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
        } catch (const std::exception&) {
            return false;
        }
        return true;
    }

    void run(const std::function<void()>& job) {
        std::unique_lock lock(mutex_);
        job_ = &job;
        changed_.notify_all();
        {
            const QuietWaking quiet;
            changed_.wait(lock, [this] { return job_ == nullptr; });
        }
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    }

private:
    void work() {
#if defined(__linux__)
        pthread_setname_np(pthread_self(), "ea-native");
#endif
        run_in_background();
        std::unique_lock lock(mutex_);
        for (;;) {
            {
                const QuietWaking quiet;
                changed_.wait(lock, [this] { return is_stopping_ || job_ != nullptr; });
            }
            if (job_ == nullptr) return;
            lock.unlock();
            std::exception_ptr failure;
            try {
                (*job_)();
            } catch (...) {
                failure = std::current_exception();
            }
            lock.lock();
            failure_ = std::move(failure);
            job_ = nullptr;
            changed_.notify_all();
        }
    }

    const ProcessMark process_;
    std::mutex mutex_;
    std::condition_variable changed_;
    const std::function<void()>* job_ = nullptr;  // until it is done
    std::exception_ptr failure_;
    bool is_stopping_ = false;
    std::thread thread_;  // started by the first job
};

thread_local Companion::Thread* Companion::mine_ = nullptr;

Companion::Companion() : thread_(std::make_unique<Thread>()) { mine_ = thread_.get(); }

Companion::~Companion() {
    mine_ = nullptr;
    // In a forked child somebody waits for ever on what it waits on, and nobody can join it.
    if (!thread_->is_here()) static_cast<void>(thread_.release());
}

void Companion::run(const std::function<void()>& job) {
    if (mine_ != nullptr && mine_->is_here() && mine_->start()) {
        mine_->run(job);
    } else {
        job();
    }
}

}  // namespace edgeadapt
