// The one clock that durations and time-outs are measured by.
#pragma once

#include <chrono>

namespace edgeadapt {

using Clock = std::chrono::steady_clock;

}  // namespace edgeadapt
