// One inference: its inputs and outputs, released at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "edgeadapt/few.hpp"
#include "edgeadapt/generation.hpp"
#include "edgeadapt/ort_session.hpp"

namespace edgeadapt {

// A run was ended at its time.
class RunTimedOut : public std::runtime_error {
public:
    RunTimedOut() : std::runtime_error("the inference did not end in time") {}
};

// A session was run in another process than the one that loaded it.
class RunAfterFork : public std::runtime_error {
public:
    RunAfterFork() : std::runtime_error("this model was loaded before the fork; load it again in the child process") {}
};

// An array in memory that somebody else owns: native numbers of the input's type, one after the other, row by row.
struct TensorView {
    const void* data;
    const std::int64_t* dims;
    std::size_t rank;
    std::size_t bytes;
};

// Thread rule: one thread, and within the session's life.
class OrtRun {
public:
    explicit OrtRun(const OrtSession& session)
        : session_(session), inputs_(session.inputs().size()), outputs_(session.outputs().size()) {}
    OrtRun(const OrtRun&) = delete;
    OrtRun& operator=(const OrtRun&) = delete;
    ~OrtRun();

    // Takes one view an input; what they show must stay until the run is over, their `dims` only until this returns.
    // Throws OrtError, RunAfterFork.
    void bind(const TensorView* inputs);

    // Runs once. Asked to end at `until`, the runtime ends before its next operator. Throws OrtError, and RunTimedOut for
    // whatever comes later than `until`, be it an answer.
    void run(std::optional<Clock::time_point> until);

    // After it, what the outputs are; they live as long as this does.
    struct Output {
        ort::Value* value;
        ort::TensorInfo* shape;
        const void* data;
        std::size_t rank;
    };
    [[nodiscard]] const Output& output(std::size_t index) const noexcept { return outputs_[index]; }
    void read_dims(std::size_t index, std::int64_t* dims) const;

private:
    void call(const ort::RunOptions* options);

    const OrtSession& session_;
    Few<ort::Value*, 8> inputs_;
    Few<Output, 4> outputs_;
};

}  // namespace edgeadapt
