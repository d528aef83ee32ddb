#include "edgeadapt/process_mark.hpp"

#include <atomic>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace edgeadapt {
namespace {

std::atomic<std::uint64_t> depth{0};

#if defined(__unix__) || defined(__APPLE__)
// relaxed: runs in the child before it has a second thread; its partner is the load in fork_depth.
[[maybe_unused]] const int registered =
    pthread_atfork(nullptr, nullptr, [] { depth.fetch_add(1, std::memory_order_relaxed); });
#endif

}  // namespace

// relaxed: a thread's own fork is the only change it can see, and that is program order.
std::uint64_t fork_depth() noexcept { return depth.load(std::memory_order_relaxed); }

}  // namespace edgeadapt
