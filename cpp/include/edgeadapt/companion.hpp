// The thread on which a load's long native work is done, beside the one that goes in and out of Python.
//
// For two reasons. What glibc keeps of a model lies in an arena that no thread of Python's allocates from: a trim holds
// an arena's lock for as long as it takes (17 ms after 100 MB), and who waits for that may hold Python's lock. And a
// thread that wakes where the loader computes, finds Python's lock taken and waits for it is, for having just run, not
// let in again before the next tick (4 ms), unless the loader leaves the core: here it does, to wait for its companion.
#pragma once

#include <functional>
#include <memory>

namespace edgeadapt {

// Thread rule: made and destroyed by one thread, which has one at a time. A forked child has none.
class Companion {
public:
    Companion();
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;
    ~Companion();

    // Runs `job` on the calling thread's companion, and throws what `job` throws; here where it has none, or where the
    // system has no thread left for one.
    static void run(const std::function<void()>& job);

private:
    class Thread;
    std::unique_ptr<Thread> thread_;
    static thread_local Thread* mine_;
};

}  // namespace edgeadapt
