#include "edgeadapt/ort_run.hpp"

#include <atomic>
#include <memory>

#include "edgeadapt/deadline.hpp"

namespace edgeadapt {

OrtRun::~OrtRun() {
    const ort::Api& api = session_.library_.api();
    for (std::size_t index = 0; index < inputs_.size(); ++index) {
        if (inputs_[index] != nullptr) api.ReleaseValue(inputs_[index]);
    }
    for (std::size_t index = 0; index < outputs_.size(); ++index) {
        if (outputs_[index].shape != nullptr) api.ReleaseTensorTypeAndShapeInfo(outputs_[index].shape);
        if (outputs_[index].value != nullptr) api.ReleaseValue(outputs_[index].value);
    }
}

void OrtRun::run(std::optional<Clock::time_point> until) {
    const OrtLibrary& library = session_.library_;
    if (until && *until <= Clock::now()) throw RunTimedOut();
    if (!until) {
        call(library.plain_run());
        return;
    }
    ort::RunOptions* options = nullptr;
    library.check(library.api().CreateRunOptions(&options));
    const std::unique_ptr<ort::RunOptions, void (*)(ort::RunOptions*)> owner(options, library.api().ReleaseRunOptions);
    bool is_late = false;  // the deadline's lock guards it, and its end is waited for
    try {
        const Deadline deadline(*until, [&] {
            is_late = true;
            if (ort::Status* status = library.api().RunOptionsSetTerminate(options)) library.api().ReleaseStatus(status);
        });
        call(options);
    } catch (const OrtError&) {
        if (is_late) throw RunTimedOut();
        throw;
    }
    // It looks between operators only: the last one's answer may be late.
    if (*until <= Clock::now()) throw RunTimedOut();
}

void OrtRun::bind(const TensorView* inputs) {
    // A run waits for the session's threads, and they are the parent's.
    if (!session_.is_here()) throw RunAfterFork();
    const OrtLibrary& library = session_.library_;
    for (std::size_t index = 0; index < inputs_.size(); ++index) {
        const TensorView& view = inputs[index];
        // The runtime only reads its inputs, and has no other type for them.
        library.check(library.api().CreateTensorWithDataAsOrtValue(library.host_memory(), const_cast<void*>(view.data),
                                                                   view.bytes, view.dims, view.rank,
                                                                   session_.inputs_[index].type, &inputs_[index]));
    }
}

void OrtRun::call(const ort::RunOptions* options) {
    const OrtLibrary& library = session_.library_;
    const ort::Api& api = library.api();
    Few<ort::Value*, 4> values(outputs_.size());
    ort::Status* status = api.Run(session_.session_, options, session_.input_names_.data(), inputs_.data(),
                                  inputs_.size(), session_.output_names_.data(), values.size(), values.data());
    for (std::size_t index = 0; index < values.size(); ++index) outputs_[index].value = values[index];
    library.check(status);
    for (std::size_t index = 0; index < values.size(); ++index) {
        Output& output = outputs_[index];
        void* data = nullptr;
        library.check(api.GetTensorMutableData(output.value, &data));
        output.data = data;
        library.check(api.GetTensorTypeAndShape(output.value, &output.shape));
        library.check(api.GetDimensionsCount(output.shape, &output.rank));
    }
}

void OrtRun::read_dims(std::size_t index, std::int64_t* dims) const {
    const OrtLibrary& library = session_.library_;
    library.check(library.api().GetDimensions(outputs_[index].shape, dims, outputs_[index].rank));
}

}  // namespace edgeadapt
