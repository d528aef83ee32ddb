#include "edgeadapt/trial.hpp"

#include "edgeadapt/swapper.hpp"

namespace edgeadapt {

void Trial::passed() {
    // relaxed: a count and nothing else; of all the threads exactly one gets the last number.
    if (inferences_.fetch_add(1, std::memory_order_relaxed) + 1 != rules_.inferences) return;
    if (const auto swapper = swapper_.lock()) swapper->end_probation(generation_);
}

void Trial::failed(const std::string& reason, const std::shared_ptr<void>& cause) {
    // relaxed: as above; the errors go first, so that one too many at the last inference still counts.
    if (errors_.fetch_add(1, std::memory_order_relaxed) == rules_.errors) {
        if (const auto swapper = swapper_.lock()) swapper->roll_back_from(generation_, reason, cause);
    }
    passed();
}

}  // namespace edgeadapt
