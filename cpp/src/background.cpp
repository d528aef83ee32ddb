#include "edgeadapt/background.hpp"

#include <cstdint>

#if defined(__linux__)
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace edgeadapt {

#if defined(__linux__) && defined(SYS_sched_setattr)
namespace {

// sched_setattr(2), as of its first version; glibc has had a declaration since 2.41 only.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

// The longest slice the kernel gives. A waking thread has a shorter one, so its turn is over sooner and it goes first.
constexpr std::uint64_t slice_ns = 100'000'000;
constexpr std::uint64_t reset_on_fork = 0x01;

}  // namespace

void run_in_background() noexcept {
    SchedulingAttributes attributes;
    if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
    // For what it starts, resetting would end a negative niceness too, which is a host's choice.
    if (attributes.policy != SCHED_OTHER || attributes.nice < 0) return;
    attributes.size = sizeof attributes;
    attributes.runtime = slice_ns;
    attributes.flags |= reset_on_fork;
    // A kernel that knows no slices takes no notice of it; one that refuses leaves the thread as it is.
    syscall(SYS_sched_setattr, 0, &attributes, 0);
}
#else
void run_in_background() noexcept {}
#endif

}  // namespace edgeadapt
