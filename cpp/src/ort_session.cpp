#include "edgeadapt/ort_session.hpp"

#include <algorithm>
#include <cstring>

#include "edgeadapt/companion.hpp"

namespace edgeadapt {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

Owned<ort::SessionOptions> make_options(const OrtLibrary& library, const OrtSettings& settings) {
    const ort::Api& api = library.api();
    ort::SessionOptions* made = nullptr;
    library.check(api.CreateSessionOptions(&made));
    Owned<ort::SessionOptions> options(made, api.ReleaseSessionOptions);
    // Errors are thrown, and what else it would write to the host's stderr is the model's own text, as it is.
    library.check(api.SetSessionLogSeverityLevel(made, ort::log_severity_fatal));
    if (settings.intra_op_threads) library.check(api.SetIntraOpNumThreads(made, *settings.intra_op_threads));
    if (settings.inter_op_threads) library.check(api.SetInterOpNumThreads(made, *settings.inter_op_threads));
    if (settings.graph_level) library.check(api.SetSessionGraphOptimizationLevel(made, *settings.graph_level));
    for (const auto& [key, value] : settings.config_entries) {
        library.check(api.AddSessionConfigEntry(made, key.c_str(), value.c_str()));
    }
    return options;
}

ort::Session* create(const OrtLibrary& library, const ModelSource& source, const ort::SessionOptions* options) {
    const ort::Api& api = library.api();
    ort::Session* session = nullptr;
    if (const auto* path = std::get_if<std::filesystem::path>(&source)) {
        library.check(api.CreateSession(library.env(), path->c_str(), options, &session));
    } else {
        const std::string_view bytes = std::get<ModelBytes>(source).bytes;
        library.check(api.CreateSessionFromArray(library.env(), bytes.data(), bytes.size(), options, &session));
    }
    return session;
}

// By these entries the runtime reads a model in its own format where it lies, as long as the session lives; it copies what
// it needs of any other.
bool is_read_in_place(const OrtSettings& settings) {
    return std::ranges::any_of(settings.config_entries,
                               [](const auto& entry) { return entry.first.starts_with("session.use_ort_model_bytes"); });
}

}  // namespace

std::shared_ptr<const OrtSession> OrtSession::load(const OrtLibrary& library, std::string label,
                                                   const ModelSource& source, const OrtSettings& settings,
                                                   LoadCancellation& cancellation) {
    const std::shared_ptr<OrtSession> made(new OrtSession(library, std::move(label)));
    if (const auto* model = std::get_if<ModelBytes>(&source); model != nullptr && is_read_in_place(settings)) {
        made->model_ = model->owner;
    }
    LoadTurn turn(cancellation);
    if (!turn.is_mine()) throw LoadCancelled();
    const Owned<ort::SessionOptions> options = make_options(library, settings);
    if (library.can_cancel()) {
        turn.on_cancel([&api = library.api(), raw = options.get()] {
            // It can only fail on no options at all.
            if (ort::Status* status = api.SessionOptionsSetLoadCancellationFlag(raw, true)) api.ReleaseStatus(status);
        });
    }
    try {
        Companion::run([&] { made->session_ = create(library, source, options.get()); });
    } catch (const OrtError&) {
        turn.on_cancel(nullptr);
        if (cancellation.is_cancelled()) throw LoadCancelled();
        throw;
    }
    turn.on_cancel(nullptr);
    if (cancellation.is_cancelled()) throw LoadCancelled();
    made->describe();
    return made;
}

OrtSession::~OrtSession() {
    // Its threads are not in a forked child, which would wait for them for ever.
    if (session_ != nullptr && is_here()) library_.api().ReleaseSession(session_);
}

void OrtSession::describe() {
    const ort::Api& api = library_.api();
    std::size_t inputs = 0, outputs = 0;
    library_.check(api.SessionGetInputCount(session_, &inputs));
    library_.check(api.SessionGetOutputCount(session_, &outputs));
    for (std::size_t index = 0; index < inputs; ++index) inputs_.push_back(describe(index, true));
    for (std::size_t index = 0; index < outputs; ++index) outputs_.push_back(describe(index, false));
    for (const TensorInfo& input : inputs_) input_names_.push_back(input.name.c_str());
    for (const TensorInfo& output : outputs_) output_names_.push_back(output.name.c_str());
}

TensorInfo OrtSession::describe(std::size_t index, bool is_input) const {
    const ort::Api& api = library_.api();
    TensorInfo out;
    ort::Allocator* allocator = nullptr;
    library_.check(api.GetAllocatorWithDefaultOptions(&allocator));
    char* name = nullptr;
    library_.check((is_input ? api.SessionGetInputName : api.SessionGetOutputName)(session_, index, allocator, &name));
    const std::unique_ptr<char, std::function<void(char*)>> owned_name(name, [&](char* text) {
        if (ort::Status* status = api.AllocatorFree(allocator, text)) api.ReleaseStatus(status);
    });
    out.name = name;

    ort::TypeInfo* made = nullptr;
    library_.check((is_input ? api.SessionGetInputTypeInfo : api.SessionGetOutputTypeInfo)(session_, index, &made));
    const Owned<ort::TypeInfo> type(made, api.ReleaseTypeInfo);
    int kind = 0;
    library_.check(api.GetOnnxTypeFromTypeInfo(made, &kind));
    const ort::TensorInfo* tensor = nullptr;
    if (kind == ort::kind_tensor) library_.check(api.CastTypeInfoToTensorInfo(made, &tensor));
    if (tensor != nullptr) library_.check(api.GetTensorElementType(tensor, &out.type));
    if (tensor == nullptr || ort::size_of(out.type) == 0) {
        throw OrtUnavailable(std::string(is_input ? "it takes" : "it gives") + " `" + out.name +
                             "`, which is no array of plain numbers");
    }
    std::size_t rank = 0;
    library_.check(api.GetDimensionsCount(tensor, &rank));
    out.dims.resize(rank);
    std::vector<const char*> symbols(rank, nullptr);
    library_.check(api.GetDimensions(tensor, out.dims.data(), rank));
    library_.check(api.GetSymbolicDimensions(tensor, symbols.data(), rank));
    for (const char* symbol : symbols) out.symbols.emplace_back(symbol != nullptr ? symbol : "");
    return out;
}

}  // namespace edgeadapt
