#include "edgeadapt/kernel_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace edgeadapt {
namespace {

constexpr std::string_view blanks = " \t\n\r\f\v";

// Takes the next word off the text; a colon parts words as a blank does.
std::string_view next_word(std::string_view& text) noexcept {
    const auto is_between = [](char c) { return c == ':' || c == ' ' || (c >= '\t' && c <= '\r'); };
    const auto first = std::find_if_not(text.begin(), text.end(), is_between);
    const auto last = std::find_if(first, text.end(), is_between);
    const auto word = text.substr(static_cast<std::size_t>(first - text.begin()), static_cast<std::size_t>(last - first));
    text.remove_prefix(static_cast<std::size_t>(last - text.begin()));
    return word;
}

std::string_view next_line(std::string_view& text) noexcept {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<std::int64_t> integer_of(std::string_view text) noexcept {
    const auto word = trimmed(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return value;
}

std::vector<std::optional<std::int64_t>> numbers_of(std::string_view text, const std::vector<std::string_view>& keys) {
    std::vector<std::optional<std::int64_t>> values(keys.size());
    std::size_t missing = keys.size();
    while (missing > 0 && !text.empty()) {
        auto line = next_line(text);
        const auto key = next_word(line);
        const auto place = std::find(keys.begin(), keys.end(), key);
        if (key.empty() || place == keys.end()) continue;
        auto& value = values[static_cast<std::size_t>(place - keys.begin())];
        const auto number = integer_of(next_word(line));
        if (value || !number || *number < 0) continue;
        value = number;
        --missing;
    }
    return values;
}

std::vector<std::int64_t> counters_of(std::string_view text, std::string_view key) {
    std::vector<std::int64_t> values;
    while (!text.empty()) {
        auto line = next_line(text);
        if (next_word(line) != key) continue;
        for (auto word = next_word(line); !word.empty(); word = next_word(line)) {
            const auto value = integer_of(word);
            if (!value || *value < 0) return {};
            values.push_back(*value);
        }
        break;
    }
    return values;
}

std::optional<double> decimal_after(std::string_view text, std::string_view prefix) noexcept {
    const auto place = text.find(prefix);
    if (place == std::string_view::npos) return std::nullopt;
    text.remove_prefix(place + prefix.size());
    // Fifteen digits are exact in a double, as is the power of ten: dividing rounds once, to what the text says.
    std::int64_t digits = 0;
    double scale = 1.0;
    int count = 0;
    bool has_point = false;
    for (const char c : text) {
        if (c == '.' && !has_point && count > 0) {
            has_point = true;
        } else if (is_digit(c)) {
            if (++count > 15) return std::nullopt;
            digits = digits * 10 + (c - '0');
            if (has_point) scale *= 10.0;
        } else {
            break;
        }
    }
    if (count == 0) return std::nullopt;
    return static_cast<double>(digits) / scale;
}

}  // namespace edgeadapt
