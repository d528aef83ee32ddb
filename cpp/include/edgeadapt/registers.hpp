// The registers of a block of steps, and the operations over them: every operation runs over the whole block.
//
// Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "edgeadapt/plan.hpp"

namespace edgeadapt {

class Registers {
  public:
    // `capacity` is the longest block that will be run.
    Registers(const Plan& plan, std::size_t capacity);

    // Point a column at its values for the coming block; they must outlive it.
    void set_column(std::int32_t column, const double* values) {
        numbers_[static_cast<std::size_t>(column)] = values;
    }
    const double* number(std::int32_t index) const { return numbers_[static_cast<std::size_t>(index)]; }
    const Truth* truth(std::int32_t index) const { return truths_[static_cast<std::size_t>(index)]; }

    // Run `range` over the first `size` steps of one device: a band's memory, `bands[band * stride]`, is carried from
    // step to step.
    void run_carried(const Plan& plan, OpRange range, std::size_t size, Truth* bands, std::size_t stride);

    // The same over `size` devices at one moment, each with a memory of its own: `bands[band * stride + device]`.
    void run_devices(const Plan& plan, OpRange range, std::size_t size, Truth* bands, std::size_t stride);

  private:
    template <class Bands>
    void run_all(const Plan& plan, OpRange range, std::size_t size, Bands&& bands);

    double* number_out(std::int32_t index) { return number_store_.data() + offsets_[static_cast<std::size_t>(index)]; }
    Truth* truth_out(std::int32_t index) {
        return truth_store_.data() + static_cast<std::size_t>(index) * capacity_;
    }

    std::size_t capacity_;
    std::vector<double> number_store_;  // constants and temporaries; columns stay where they are
    std::vector<Truth> truth_store_;
    std::vector<std::size_t> offsets_;
    std::vector<const double*> numbers_;
    std::vector<const Truth*> truths_;
};

}  // namespace edgeadapt
