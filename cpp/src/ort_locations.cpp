#include "edgeadapt/ort_locations.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace edgeadapt {
namespace {

// The messages of ONNX's protobuf that lead to a tensor.
enum class Kind { other, model, training, graph, node, attribute, function, sparse, tensor, entry, key, value };

Kind kind_in(Kind message, std::uint32_t field) noexcept {
    switch (message) {
        case Kind::model: return field == 7 ? Kind::graph : field == 20 ? Kind::training : field == 25 ? Kind::function : Kind::other;
        case Kind::training: return field == 1 || field == 2 ? Kind::graph : Kind::other;
        case Kind::graph: return field == 1 ? Kind::node : field == 5 ? Kind::tensor : field == 15 ? Kind::sparse : Kind::other;
        case Kind::function: return field == 7 ? Kind::node : field == 11 ? Kind::attribute : Kind::other;
        case Kind::node: return field == 5 ? Kind::attribute : Kind::other;
        case Kind::attribute:
            switch (field) {
                case 5:
                case 10: return Kind::tensor;
                case 6:
                case 11: return Kind::graph;
                case 22:
                case 23: return Kind::sparse;
                default: return Kind::other;
            }
        case Kind::sparse: return field == 1 || field == 2 ? Kind::tensor : Kind::other;
        case Kind::tensor: return field == 13 ? Kind::entry : Kind::other;
        case Kind::entry: return field == 1 ? Kind::key : field == 2 ? Kind::value : Kind::other;
        case Kind::key:
        case Kind::value:
        case Kind::other: break;
    }
    return Kind::other;
}

class Walk {
public:
    Walk(std::uint64_t size, const ReadAt& read) : size_(size), read_(read) {}

    std::set<std::string> locations() && {
        message(Kind::model, 0, size_, 0);
        return std::move(found_);
    }

private:
    // The parser's own limit is 100.
    static constexpr int deepest = 128;

    // What is no message ends here alone: it may be bytes that the parser skips, and what follows them counts.
    void message(Kind kind, std::uint64_t at, std::uint64_t end, int depth) {
        bool is_location = false;
        std::set<std::string> values;
        while (at < end && !is_over_) {
            std::uint64_t tag = 0, number = 0;
            if (!varint(at, end, tag)) return;
            switch (tag & 7) {
                case 0:
                    if (!varint(at, end, number)) return;
                    break;
                case 1: at += 8; break;
                case 2: {
                    if (!varint(at, end, number) || number > end - at) return;
                    // The parser keeps no more bits of a tag.
                    const Kind part = kind_in(kind, static_cast<std::uint32_t>(tag) >> 3);
                    if (part == Kind::key) {
                        is_location = is_location || text(at, number) == "location";
                    } else if (part == Kind::value) {
                        values.insert(text(at, number));
                    } else if (part != Kind::other && depth < deepest) {
                        message(part, at, at + number, depth + 1);
                    }
                    at += number;
                    break;
                }
                // A group of fields, which the parser skips: taken for fields of this message.
                case 3:
                case 4: break;
                case 5: at += 4; break;
                default: return;
            }
        }
        if (is_location) found_.merge(values);
        is_over_ = found_.size() > most_locations;
    }

    bool varint(std::uint64_t& at, std::uint64_t end, std::uint64_t& out) {
        out = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end || !fill(at)) break;
            const auto byte = static_cast<unsigned char>(window_[static_cast<std::size_t>(at - window_at_)]);
            ++at;
            out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }

    // Has the byte at a place in the window; false at the end of what there is.
    bool fill(std::uint64_t at) {
        if (at >= window_at_ && at - window_at_ < filled_) return true;
        window_at_ = at;
        filled_ = read_(at, window_.data(), window_.size());
        return filled_ > 0;
    }

    std::string text(std::uint64_t at, std::uint64_t length) {
        std::string out(static_cast<std::size_t>(std::min<std::uint64_t>(length, longest_location + 1)), '\0');
        std::size_t done = 0;
        while (done < out.size()) {
            const std::size_t count = read_(at + done, out.data() + done, out.size() - done);
            if (count == 0) break;
            done += count;
        }
        out.resize(done);
        return out;
    }

    const std::uint64_t size_;
    const ReadAt& read_;
    std::array<char, 16384> window_;
    std::uint64_t window_at_ = 0;
    std::size_t filled_ = 0;
    bool is_over_ = false;
    std::set<std::string> found_;
};

}  // namespace

std::set<std::string> ort_locations(std::uint64_t size, const ReadAt& read) { return Walk(size, read).locations(); }

}  // namespace edgeadapt
