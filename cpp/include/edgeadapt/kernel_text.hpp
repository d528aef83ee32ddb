// What the kernel writes into its small files: integers, and lines of a key and a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace edgeadapt {

// Without the blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// The text's one integer, digits alone, as the kernel writes them; none where it is anything else or beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view text) noexcept;

// For each key the number of its first line such as `MemTotal:  123 kB` or `inactive_file 123`; none below 0.
[[nodiscard]] std::vector<std::optional<std::int64_t>> numbers_of(std::string_view text,
                                                                  const std::vector<std::string_view>& keys);

// The integers after the key on its first line, such as `cpu  12 0 3`; nothing where a word there is no such number.
[[nodiscard]] std::vector<std::int64_t> counters_of(std::string_view text, std::string_view key);

// The number right after the prefix's first place, such as `some avg10=`: digits, and a point with more where there is one.
[[nodiscard]] std::optional<double> decimal_after(std::string_view text, std::string_view prefix) noexcept;

}  // namespace edgeadapt
