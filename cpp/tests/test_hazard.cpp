// Cells: nesting, running out of them, and giving records back.
#include <set>
#include <thread>
#include <vector>

#include "check.hpp"
#include "edgeadapt/hazard.hpp"

using namespace edgeadapt;

namespace {

void nested_readings_take_a_cell_each_until_none_is_left() {
    int objects[hazard::cells_per_thread];
    std::vector<hazard::Cell*> cells;
    for (int& object : objects) {
        hazard::Cell* cell = hazard::free_cell();
        CHECK(cell != nullptr);
        cell->store(&object);
        cells.push_back(cell);
    }
    CHECK(std::set<hazard::Cell*>(cells.begin(), cells.end()).size() == hazard::cells_per_thread);
    CHECK(hazard::free_cell() == nullptr);
    for (const int& object : objects) CHECK(hazard::is_announced(&object));

    // Out of order, as with switched stacks.
    cells[1]->store(nullptr);
    CHECK(!hazard::is_announced(&objects[1]));
    CHECK(hazard::is_announced(&objects[2]));
    CHECK(hazard::free_cell() == cells[1]);
    for (hazard::Cell* cell : cells) cell->store(nullptr);
}

void a_thread_that_ends_gives_its_record_back() {
    // Far more threads than records, one after the other.
    for (std::size_t round = 0; round < 3 * hazard::max_threads; ++round) {
        std::thread([] { CHECK(hazard::free_cell() != nullptr); }).join();
    }
}

}  // namespace

int main() {
    nested_readings_take_a_cell_each_until_none_is_left();
    a_thread_that_ends_gives_its_record_back();
    return 0;
}
