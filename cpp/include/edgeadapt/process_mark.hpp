// Tells a forked child that what it inherited belongs to another process: its threads are not here.
#pragma once

#include <cstdint>

namespace edgeadapt {

// How many forks lie between this process and the one that loaded the library. Safe on any thread.
[[nodiscard]] std::uint64_t fork_depth() noexcept;

// Remembers the process it was made in. Thread rule: immutable, so any thread.
class ProcessMark {
public:
    ProcessMark() noexcept : depth_(fork_depth()) {}
    [[nodiscard]] bool is_here() const noexcept { return depth_ == fork_depth(); }

private:
    std::uint64_t depth_;
};

}  // namespace edgeadapt
