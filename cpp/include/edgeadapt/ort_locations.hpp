// Which files an ONNX model keeps weights in besides its own: read from the model's bytes, without loading it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace edgeadapt {

// Reads up to `count` of the model's bytes from `at` on; 0 at its end. What it throws comes out of `ort_locations`.
using ReadAt = std::function<std::size_t(std::uint64_t at, char* into, std::size_t count)>;

// More files than a model has, and a longer name than a system takes: one more is told, for whoever judges them.
inline constexpr std::size_t most_locations = 10'000;
inline constexpr std::size_t longest_location = 4096;

// The locations as they are written, each once. It takes every record that the runtime's parser might take for a tensor's
// location: a model that hides one from it does not load. No byte is looked at twice.
[[nodiscard]] std::set<std::string> ort_locations(std::uint64_t size, const ReadAt& read);

}  // namespace edgeadapt
