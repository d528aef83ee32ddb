// Makes a thread that computes for long give way to those that are asleep most of the time, such as readers.
#pragma once

namespace edgeadapt {

// From now on the calling thread lets go of its core at once when another wakes on it.
// Thread rule: about the calling thread alone; threads it starts afterwards are ordinary ones. Its share of the processors
// stays what it was, and a host that chose a policy or a priority of its own keeps it. Where the system can't (Linux
// before 6.12, others), nothing changes.
void run_in_background() noexcept;

// For a wait: a thread in the background that wakes while this lives pushes nobody aside, but waits for a free core or its
// turn. Not for more than a wait, since a thread that is started meanwhile would wake so for ever.
class QuietWaking {
public:
    QuietWaking() noexcept;
    QuietWaking(const QuietWaking&) = delete;
    QuietWaking& operator=(const QuietWaking&) = delete;
    ~QuietWaking();

private:
    [[maybe_unused]] const bool is_on_;
};

}  // namespace edgeadapt
