#include "edgeadapt/background.hpp"

#include <cstdint>
#include <optional>

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

std::optional<SchedulingAttributes> own_attributes() noexcept {
    SchedulingAttributes found;
    if (syscall(SYS_sched_getattr, 0, &found, sizeof found, 0) != 0) return std::nullopt;
    found.size = sizeof found;
    return found;
}

// The rest stays as it is; and all of it where the policy is another one than expected, by a host's choice.
bool change_policy(std::uint32_t from, std::uint32_t to) noexcept {
    std::optional<SchedulingAttributes> attributes = own_attributes();
    if (!attributes || attributes->policy != from) return false;
    attributes->policy = to;
    return syscall(SYS_sched_setattr, 0, &*attributes, 0) == 0;
}

}  // namespace

void run_in_background() noexcept {
    std::optional<SchedulingAttributes> attributes = own_attributes();
    // For what it starts, resetting would end a negative niceness too, which is a host's choice.
    if (!attributes || attributes->policy != SCHED_OTHER || attributes->nice < 0) return;
    attributes->runtime = slice_ns;
    attributes->flags |= reset_on_fork;
    // A kernel that knows no slices takes no notice of it; one that refuses leaves the thread as it is.
    is_in_background = syscall(SYS_sched_setattr, 0, &*attributes, 0) == 0;
}

QuietWaking::QuietWaking() noexcept : is_on_(is_in_background && change_policy(SCHED_OTHER, SCHED_BATCH)) {}

QuietWaking::~QuietWaking() {
    if (is_on_) change_policy(SCHED_BATCH, SCHED_OTHER);
}
#else
void run_in_background() noexcept {}
QuietWaking::QuietWaking() noexcept : is_on_(false) {}
QuietWaking::~QuietWaking() = default;
#endif

}  // namespace edgeadapt
