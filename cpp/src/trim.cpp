#include "edgeadapt/trim.hpp"

#include <cstdlib>  // defines __GLIBC__ where the C library is glibc

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace edgeadapt {

void trim_memory() noexcept {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

std::optional<Clock::time_point> Trimmer::due_at() const {
    if (!is_asked_) return std::nullopt;
    return last_ ? *last_ + interval_ : Clock::time_point::min();
}

bool Trimmer::take(Clock::time_point now) {
    const std::optional<Clock::time_point> due = due_at();
    if (!due || *due > now) return false;
    is_asked_ = false;
    last_ = now;
    return true;
}

}  // namespace edgeadapt
