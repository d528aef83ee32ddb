// Hazard cells: where a reading thread announces, in its own cache line, what it is reading.
//
// One table a process, for every slot. A thread takes a record of a few cells on first use and gives it back when it
// ends; each nested reading takes the next cell. A reader stores to its cell with seq_cst and then looks again at the
// pointer it came from; whoever replaced that pointer (seq_cst too) scans the cells before destroying. In the single
// order of those operations either the reader sees the replacement or the scan sees the reader.
#pragma once

#include <atomic>
#include <cstddef>

namespace edgeadapt::hazard {

using Cell = std::atomic<const void*>;

inline constexpr std::size_t cells_per_thread = 4;
inline constexpr std::size_t max_threads = 256;

// An empty cell of the calling thread, or null when its cells or the table's records are used up (the caller then
// counts its reading another way). Only the calling thread may store to it.
[[nodiscard]] Cell* free_cell() noexcept;

// True if some thread announces `object`. Safe on any thread.
[[nodiscard]] bool is_announced(const void* object) noexcept;

}  // namespace edgeadapt::hazard
