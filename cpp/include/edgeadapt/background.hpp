// Makes a thread that computes for long let go of its core at once when one that was asleep, such as a reader, wakes on it.
#pragma once

namespace edgeadapt {

// Thread rule: about the calling thread alone; threads it starts afterwards are ordinary ones. Its share of the processors
// stays what it was, and a host that chose a policy or a priority of its own keeps it. Where the system can't (Linux
// before 6.12, others), nothing changes.
void run_in_background() noexcept;

}  // namespace edgeadapt
