// A model loaded by ONNX Runtime's C API, and how it is asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "edgeadapt/load_cancellation.hpp"
#include "edgeadapt/ort_library.hpp"
#include "edgeadapt/process_mark.hpp"

namespace edgeadapt {

// What an input or output is. An empty shape is a scalar or an unknown rank: ONNX Runtime does not say which.
struct TensorInfo {
    std::string name;
    ort::ElementType type = ort::ElementType::undefined;
    std::vector<std::int64_t> dims;    // -1: open
    std::vector<std::string> symbols;  // beside each: an open dimension's name, where it has one
};

// None: the runtime's default.
struct OrtSettings {
    std::optional<int> intra_op_threads;
    std::optional<int> inter_op_threads;
    std::optional<ort::GraphLevel> graph_level;
    std::vector<std::pair<std::string, std::string>> config_entries;
};

// A model's bytes, and what keeps them where they are.
struct ModelBytes {
    std::string_view bytes;
    std::shared_ptr<const void> owner;
};

// A model's file, or the bytes of one.
using ModelSource = std::variant<std::filesystem::path, ModelBytes>;

// Thread rule: immutable; any number of threads may run it at once. A forked child must not run it, and may destroy it.
class OrtSession {
public:
    // Throws OrtError where the runtime refuses, OrtUnavailable for a model that takes or gives more than plain numbers,
    // LoadCancelled. `label` is what errors call it.
    [[nodiscard]] static std::shared_ptr<const OrtSession> load(const OrtLibrary& library, std::string label,
                                                                const ModelSource& source, const OrtSettings& settings,
                                                                LoadCancellation& cancellation);
    OrtSession(const OrtSession&) = delete;
    OrtSession& operator=(const OrtSession&) = delete;
    ~OrtSession();

    [[nodiscard]] const std::string& label() const noexcept { return label_; }
    [[nodiscard]] const std::vector<TensorInfo>& inputs() const noexcept { return inputs_; }
    [[nodiscard]] const std::vector<TensorInfo>& outputs() const noexcept { return outputs_; }
    [[nodiscard]] bool is_here() const noexcept { return process_.is_here(); }

private:
    friend class OrtRun;
    OrtSession(const OrtLibrary& library, std::string label) : library_(library), label_(std::move(label)) {}
    void describe();
    [[nodiscard]] TensorInfo describe(std::size_t index, bool is_input) const;

    const OrtLibrary& library_;
    const ProcessMark process_;
    const std::string label_;
    std::shared_ptr<const void> model_;  // what owns the bytes, where the runtime goes on reading them
    ort::Session* session_ = nullptr;
    std::vector<TensorInfo> inputs_;
    std::vector<TensorInfo> outputs_;
    std::vector<const char*> input_names_;  // into the above
    std::vector<const char*> output_names_;
};

// A load ended because it was asked to.
class LoadCancelled : public std::runtime_error {
public:
    LoadCancelled() : std::runtime_error("the load was cancelled") {}
};

}  // namespace edgeadapt
