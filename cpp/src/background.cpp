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

thread_local bool is_in_background = false;

bool give_way(std::uint32_t policy) noexcept {
    SchedulingAttributes attributes;
    attributes.policy = policy;
    attributes.runtime = slice_ns;     // a kernel that knows no slices takes no notice
    attributes.flags = reset_on_fork;  // said each time: who has it must not drop it
    return syscall(SYS_sched_setattr, 0, &attributes, 0) == 0;
}

}  // namespace

void run_in_background() noexcept {
    SchedulingAttributes found;
    if (syscall(SYS_sched_getattr, 0, &found, sizeof found, 0) != 0) return;
    // A host's own choice; resetting it for what the thread starts would be another one.
    if (found.policy != SCHED_OTHER || found.nice != 0) return;
    is_in_background = give_way(SCHED_OTHER);
}

QuietWaking::QuietWaking() noexcept {
    if (is_in_background) give_way(SCHED_BATCH);
}

QuietWaking::~QuietWaking() {
    if (is_in_background) give_way(SCHED_OTHER);
}
#else
void run_in_background() noexcept {}
QuietWaking::QuietWaking() noexcept {}
QuietWaking::~QuietWaking() {}
#endif

}  // namespace edgeadapt
