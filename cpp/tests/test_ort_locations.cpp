// Where a model keeps weights, read from its bytes: from every message that can hold a tensor, however it is written.
#include "edgeadapt/ort_locations.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <initializer_list>
#include <set>
#include <string>

#include "check.hpp"

using namespace edgeadapt;
using Found = std::set<std::string>;

namespace {

std::string varint(std::uint64_t number) {
    std::string out;
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    return out + static_cast<char>(number);
}

std::string record(std::uint64_t field, const std::string& content) { return varint(field << 3 | 2) + varint(content.size()) + content; }

// `content` inside of the fields, the last one innermost.
std::string nested(std::initializer_list<std::uint64_t> fields, std::string content) {
    for (auto field = std::rbegin(fields); field != std::rend(fields); ++field) content = record(*field, content);
    return content;
}

std::string entry(const std::string& value, const std::string& key = "location") {
    return record(13, record(1, key) + record(2, value));
}

Found found_in(const std::string& model, std::size_t at_once = 1 << 20) {
    return ort_locations(model.size(), [&](std::uint64_t at, char* into, std::size_t count) {
        const std::size_t found = at < model.size() ? std::min({count, at_once, model.size() - static_cast<std::size_t>(at)}) : 0;
        std::memcpy(into, model.data() + at, found);
        return found;
    });
}

void every_message_that_holds_tensors_is_looked_into() {
    for (const auto& fields : std::initializer_list<std::initializer_list<std::uint64_t>>{
             {7, 5},                    // an initializer
             {7, 15, 1}, {7, 15, 2},    // a sparse one's values and places
             {7, 1, 5, 5},              // a constant of a node
             {7, 1, 5, 10},             //
             {7, 1, 5, 22, 1}, {7, 1, 5, 23, 2},
             {7, 1, 5, 6, 5}, {7, 1, 5, 11, 5},  // a branch or a loop's body
             {7, 1, 5, 6, 1, 5, 6, 1, 5, 5},     // and one inside of it
             {25, 7, 5, 5}, {25, 11, 5},         // a function
             {20, 1, 5}, {20, 2, 5}}) {
        CHECK(found_in("\x08\x08" + nested(fields, entry("w.bin"))) == Found{"w.bin"});
        CHECK(found_in(nested(fields, entry("4096", "offset"))).empty());
    }
    CHECK(found_in(nested({7, 5}, entry("b") + entry("a") + entry("b"))) == (Found{"a", "b"}));
    CHECK(found_in(nested({7, 9}, entry("w.bin"))).empty());
}

void how_it_is_written_hides_nothing() {
    const std::string graph = nested({7, 5}, entry("w.bin"));
    const Found wanted{"w.bin"};
    // A group of fields that nobody knows, and in it what looks like a graph and is none.
    CHECK(found_in(varint(99 << 3 | 3) + record(7, "\xff") + varint(99 << 3 | 4) + graph) == wanted);
    // A tag with more bits than the parser keeps.
    CHECK(found_in(varint(1ull << 32 | 7 << 3 | 2) + graph.substr(1)) == wanted);
    // A longer number than it need be.
    CHECK(found_in(graph.substr(0, 1) + static_cast<char>(graph[1] | 0x80) + std::string("\x80\0", 2) + graph.substr(2)) == wanted);
    // The last of several counts; whatever may be it does.
    const std::string twice = record(1, "x") + record(1, "location") + record(2, "a") + record(2, "w.bin");
    CHECK(found_in(nested({7, 5, 13}, twice)).count("w.bin") == 1);
    // The value before the key, numbers of all widths between, and bytes that come one by one.
    const std::string odd = record(2, "w.bin") + std::string("\x19") + std::string(8, 'x') + "\x25" + "1234" + "\x18\x81\x01" + record(1, "location");
    CHECK(found_in(nested({7, 5, 13}, odd), 1) == wanted);
}

void a_long_name_and_many_of_them_are_cut_where_they_can_be_told() {
    CHECK(found_in(nested({7, 5}, entry(std::string(9000, 'x')))) == Found{std::string(longest_location + 1, 'x')});
    std::string tensors;
    for (std::size_t index = 0; index < most_locations + 100; ++index) tensors += record(5, entry(std::to_string(index)));
    CHECK(found_in(record(7, tensors)).size() == most_locations + 1);
}

void what_is_no_model_has_none() {
    CHECK(found_in("").empty());
    CHECK(found_in("junk").empty());
    CHECK(found_in(std::string(100, '\xff')).empty());
    const std::string whole = nested({7, 5}, entry("w.bin"));
    for (std::size_t length = 0; length < whole.size(); ++length) CHECK(found_in(whole.substr(0, length)).empty());
    std::string deep = entry("w.bin");
    for (int turn = 0; turn < 10'000; ++turn) deep = record(6, record(5, record(1, deep)));
    CHECK(found_in(record(7, deep)).empty());
}

// Two megabytes of the shortest records took most of a second once.
void many_short_records_are_no_burden() {
    std::string records;
    for (int index = 0; index < 1'000'000; ++index) records += "\x08\x01";
    const auto started = std::chrono::steady_clock::now();
    CHECK(found_in(record(7, records)).empty());
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(1));
}

}  // namespace

int main() {
    every_message_that_holds_tensors_is_looked_into();
    how_it_is_written_hides_nothing();
    a_long_name_and_many_of_them_are_cut_where_they_can_be_told();
    what_is_no_model_has_none();
    many_short_records_are_no_burden();
}
