// A stand-in for ONNX Runtime's shared library that does what its model files say: errors, hangs and slowness on order.
//
// `EDGEADAPT_ONNXRUNTIME_LIBRARY=PATH` lets a process serve by it instead of the installed wheel's library; it needs this
// file and `ort_api.hpp` alone: c++ -std=c++20 -shared -fPIC -pthread -Icpp/include cpp/tests/fake_ort.cpp -o PATH
//
// A model is a text: the line `fake-ort`, then lines of `key: value`, each with a default:
//
//     inputs: x float32 N,4      name, type, shape; more of them after `;`, a shape of `-` is a scalar
//     outputs: y float32 N,4     an answer has the first input's shape, and its bytes where both have one type
//     fills: 7                   float32 answers are all this number instead
//     load: slow 50              and so `run`: `ok`, `slow MS`, `error CODE TEXT`, `hang` (until it is cancelled or
//                                terminated, and then the runtime's error), `deaf` (until `fake_ort_wake` only)
//
// Environment variables, read when the library is opened or its environment made:
//
//     FAKE_ORT_VERSION=1.23.0    what it calls itself
//     FAKE_ORT_LACKS=Run         an entry that is null in its table
//     FAKE_ORT_REFUSES=1         every level of the API is refused
//     FAKE_ORT_ENV_FAILS=1       its environment cannot be made
//
// `fake_ort_count(what)` tells whether a fault happened: `load`, `run`, `load error`, `load hang`, `run stopped` and the
// like count what was done; `sessions` and `values` are those that live. `fake_ort_options` is what the latest load got.
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "edgeadapt/ort_api.hpp"

namespace edgeadapt::ort {

struct Env {};
struct MemoryInfo {};
struct Allocator {};
struct Status {
    int code;
    std::string text;
};
struct TensorInfo {
    ElementType type = ElementType::float32;
    std::vector<std::int64_t> dims;
    std::vector<std::string> symbols;
};
struct TypeInfo {
    TensorInfo tensor;
};
struct SessionOptions {
    std::map<std::string, std::string> entries;
    std::atomic<bool> is_cancelled{false};
};
struct RunOptions {
    std::atomic<bool> is_terminated{false};
};
struct Value {
    TensorInfo tensor;
    std::vector<char> own;
    void* data = nullptr;
};
struct Named {
    std::string name;
    TensorInfo tensor;
};
struct Session {
    std::vector<Named> inputs, outputs;
    std::map<std::string, std::string> orders;
};

}  // namespace edgeadapt::ort

namespace {

using namespace edgeadapt::ort;

constexpr int code_fail = 1, code_no_file = 3, code_invalid_protobuf = 7;

// What all threads share; never destroyed, as sessions may outlive everything.
struct World {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, long> counts;
    std::string options;
    long wakes = 0;

    void count(const std::string& what, long by = 1) {
        const std::lock_guard lock(mutex);
        counts[what] += by;
    }
    void tell() {
        // Taken and let go: whoever looked before has begun to wait.
        { const std::lock_guard lock(mutex); }
        changed.notify_all();
    }
};

World& world() {
    static World* const instance = new World;
    return *instance;
}

bool is_set(const char* name) { return std::getenv(name) != nullptr; }

Status* failure(int code, std::string text) { return new Status{code, std::move(text)}; }

// Does what a model orders for a stage; `is_stopped` is what ends a hang.
Status* obey(const std::string& stage, const std::string& order, const std::atomic<bool>* is_stopped) {
    std::istringstream words(order);
    std::string kind;
    words >> kind;
    world().count(stage);
    if (kind.empty() || kind == "ok") return nullptr;
    world().count(stage + " " + kind);
    if (kind == "error") {
        int code = code_fail;
        std::string text;
        words >> code >> std::ws;
        std::getline(words, text);
        return failure(code, text);
    }
    std::unique_lock lock(world().mutex);
    const auto has_stopped = [&] { return kind != "deaf" && is_stopped != nullptr && is_stopped->load(); };
    const auto is_over = [&, woken = world().wakes] { return has_stopped() || world().wakes != woken; };
    if (kind == "slow") {
        int milliseconds = 0;
        words >> milliseconds;
        world().changed.wait_for(lock, std::chrono::milliseconds(milliseconds), is_over);
    } else {
        world().changed.wait(lock, is_over);
    }
    if (!has_stopped()) return nullptr;
    ++world().counts[stage + " stopped"];
    return failure(code_fail, "Exiting due to a flag being set to true.");
}

Status* parse_tensor(const std::string& text, Named& out) {
    static const std::map<std::string, ElementType> types{
        {"float32", ElementType::float32}, {"float64", ElementType::float64}, {"float16", ElementType::float16},
        {"int8", ElementType::int8},       {"int32", ElementType::int32},     {"int64", ElementType::int64},
        {"uint8", ElementType::uint8},     {"bool", ElementType::boolean}};
    std::istringstream words(text);
    std::string type, shape;
    if (!(words >> out.name >> type >> shape) || types.count(type) == 0) {
        return failure(code_invalid_protobuf, "not a tensor: " + text);
    }
    out.tensor.type = types.at(type);
    std::istringstream dims(shape == "-" ? "" : shape);
    for (std::string dim; std::getline(dims, dim, ',');) {
        const bool is_number = dim.find_first_not_of("0123456789") == std::string::npos;
        out.tensor.dims.push_back(is_number ? std::stoll(dim) : -1);
        out.tensor.symbols.push_back(is_number ? "" : dim);
    }
    return nullptr;
}

Status* parse(std::istream& text, Session& out) {
    out.orders = {{"inputs", "x float32 N,4"}, {"outputs", "y float32 N,4"}};
    std::string line;
    if (!std::getline(text, line) || line != "fake-ort") return failure(code_invalid_protobuf, "Protobuf parsing failed.");
    while (std::getline(text, line)) {
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos) return failure(code_invalid_protobuf, "not an order: " + line);
        out.orders[line.substr(0, colon)] = line.substr(colon + 2);
    }
    for (auto* list : {&out.inputs, &out.outputs}) {
        std::istringstream parts(out.orders[list == &out.inputs ? "inputs" : "outputs"]);
        for (std::string part; std::getline(parts, part, ';');) {
            if (Status* status = parse_tensor(part, list->emplace_back())) return status;
        }
    }
    return nullptr;
}

Status* create(std::istream& text, const SessionOptions* options, Session** out) {
    {
        const std::lock_guard lock(world().mutex);
        world().options.clear();
        for (const auto& [key, value] : options->entries) world().options += key + "=" + value + "\n";
    }
    auto made = std::make_unique<Session>();
    if (Status* status = parse(text, *made)) return status;
    if (Status* status = obey("load", made->orders["load"], &options->is_cancelled)) return status;
    world().count("sessions");
    *out = made.release();
    return nullptr;
}

std::size_t bytes_of(const TensorInfo& tensor) {
    std::size_t bytes = size_of(tensor.type);
    for (const std::int64_t dim : tensor.dims) bytes *= static_cast<std::size_t>(dim);
    return bytes;
}

Value* answer(Session& session, const Named& output, const Value& given) {
    auto* made = new Value{output.tensor, {}, nullptr};
    made->tensor.dims = given.tensor.dims;
    made->own.resize(bytes_of(made->tensor));
    made->data = made->own.data();
    const auto fills = session.orders.find("fills");
    if (fills != session.orders.end() && output.tensor.type == ElementType::float32) {
        const float number = std::stof(fills->second);
        for (std::size_t at = 0; at < made->own.size(); at += sizeof number) std::memcpy(&made->own[at], &number, sizeof number);
    } else if (given.tensor.type == output.tensor.type && !made->own.empty()) {
        std::memcpy(made->data, given.data, made->own.size());
    }
    world().count("values");
    return made;
}

char* copy_of(const std::string& text) {
    auto* made = static_cast<char*>(std::malloc(text.size() + 1));
    std::memcpy(made, text.c_str(), text.size() + 1);
    return made;
}

namespace fake {

int GetErrorCode(const Status* status) { return status->code; }
const char* GetErrorMessage(const Status* status) { return status->text.c_str(); }
Status* CreateEnv(int severity, const char*, Env** out) {
    if (is_set("FAKE_ORT_ENV_FAILS")) return failure(code_fail, "no threads are left");
    *out = new Env;
    world().count("environments");
    world().count("environments with log=" + std::to_string(severity));
    return nullptr;
}
Status* CreateSession(const Env*, const PathChar* path, const SessionOptions* options, Session** out) {
    std::ifstream file{std::filesystem::path(path)};
    if (!file) return failure(code_no_file, "File doesn't exist");
    return create(file, options, out);
}
Status* CreateSessionFromArray(const Env*, const void* data, std::size_t size, const SessionOptions* options, Session** out) {
    std::istringstream text(std::string(static_cast<const char*>(data), size));
    return create(text, options, out);
}
Status* Run(Session* session, const RunOptions* options, const char* const* names, const Value* const* inputs,
            std::size_t count, const char* const*, std::size_t output_count, Value** outputs) {
    for (std::size_t index = 0; index < count; ++index) {
        if (names[index] != session->inputs[index].name) return failure(error_invalid_argument, "Invalid input name");
    }
    const auto order = session->orders.find("run");
    if (Status* status = obey("run", order == session->orders.end() ? "" : order->second,
                              options == nullptr ? nullptr : &options->is_terminated)) {
        return status;
    }
    for (std::size_t index = 0; index < output_count; ++index) outputs[index] = answer(*session, session->outputs[index], *inputs[0]);
    return nullptr;
}
Status* CreateSessionOptions(SessionOptions** out) { return *out = new SessionOptions, nullptr; }
Status* set(SessionOptions* options, const char* key, int value) {
    options->entries[key] = std::to_string(value);
    return nullptr;
}
Status* SetSessionLogSeverityLevel(SessionOptions* options, int level) { return set(options, "log", level); }
Status* SetSessionGraphOptimizationLevel(SessionOptions* options, GraphLevel level) {
    return set(options, "graph", static_cast<int>(level));
}
Status* SetIntraOpNumThreads(SessionOptions* options, int count) { return set(options, "intra", count); }
Status* SetInterOpNumThreads(SessionOptions* options, int count) { return set(options, "inter", count); }
Status* AddSessionConfigEntry(SessionOptions* options, const char* key, const char* value) {
    options->entries[key] = value;
    return nullptr;
}
Status* SessionOptionsSetLoadCancellationFlag(SessionOptions* options, bool value) {
    options->is_cancelled = value;
    return world().tell(), nullptr;
}
Status* SessionGetInputCount(const Session* session, std::size_t* out) { return *out = session->inputs.size(), nullptr; }
Status* SessionGetOutputCount(const Session* session, std::size_t* out) { return *out = session->outputs.size(), nullptr; }
Status* SessionGetInputTypeInfo(const Session* session, std::size_t index, TypeInfo** out) {
    return *out = new TypeInfo{session->inputs.at(index).tensor}, nullptr;
}
Status* SessionGetOutputTypeInfo(const Session* session, std::size_t index, TypeInfo** out) {
    return *out = new TypeInfo{session->outputs.at(index).tensor}, nullptr;
}
Status* SessionGetInputName(const Session* session, std::size_t index, Allocator*, char** out) {
    return *out = copy_of(session->inputs.at(index).name), nullptr;
}
Status* SessionGetOutputName(const Session* session, std::size_t index, Allocator*, char** out) {
    return *out = copy_of(session->outputs.at(index).name), nullptr;
}
Status* CreateRunOptions(RunOptions** out) { return *out = new RunOptions, nullptr; }
Status* RunOptionsSetTerminate(RunOptions* options) {
    options->is_terminated = true;
    return world().tell(), nullptr;
}
Status* CreateTensorWithDataAsOrtValue(const MemoryInfo*, void* data, std::size_t bytes, const std::int64_t* dims,
                                       std::size_t rank, ElementType type, Value** out) {
    auto made = std::make_unique<Value>();
    made->tensor = {type, {dims, dims + rank}, std::vector<std::string>(rank)};
    made->data = data;
    if (bytes_of(made->tensor) != bytes) return failure(error_invalid_argument, "not enough space");
    world().count("values");
    return *out = made.release(), nullptr;
}
Status* GetTensorMutableData(Value* value, void** out) { return *out = value->data, nullptr; }
Status* CastTypeInfoToTensorInfo(const TypeInfo* type, const TensorInfo** out) { return *out = &type->tensor, nullptr; }
Status* GetOnnxTypeFromTypeInfo(const TypeInfo*, int* out) { return *out = kind_tensor, nullptr; }
Status* GetTensorElementType(const TensorInfo* tensor, ElementType* out) { return *out = tensor->type, nullptr; }
Status* GetDimensionsCount(const TensorInfo* tensor, std::size_t* out) { return *out = tensor->dims.size(), nullptr; }
Status* GetDimensions(const TensorInfo* tensor, std::int64_t* out, std::size_t rank) {
    for (std::size_t axis = 0; axis < rank; ++axis) out[axis] = tensor->dims.at(axis);
    return nullptr;
}
Status* GetSymbolicDimensions(const TensorInfo* tensor, const char** out, std::size_t rank) {
    for (std::size_t axis = 0; axis < rank; ++axis) out[axis] = tensor->symbols.at(axis).c_str();
    return nullptr;
}
Status* GetTensorTypeAndShape(const Value* value, TensorInfo** out) { return *out = new TensorInfo(value->tensor), nullptr; }
Status* CreateCpuMemoryInfo(int, int, MemoryInfo** out) { return *out = new MemoryInfo, nullptr; }
Status* AllocatorFree(Allocator*, void* data) { return std::free(data), nullptr; }
Status* GetAllocatorWithDefaultOptions(Allocator** out) {
    static Allocator allocator;
    return *out = &allocator, nullptr;
}
void ReleaseStatus(Status* status) { delete status; }
void ReleaseSession(Session* session) {
    world().count("sessions", -1);
    delete session;
}
void ReleaseValue(Value* value) {
    world().count("values", -1);
    delete value;
}
void ReleaseRunOptions(RunOptions* options) { delete options; }
void ReleaseTypeInfo(TypeInfo* type) { delete type; }
void ReleaseTensorTypeAndShapeInfo(TensorInfo* tensor) { delete tensor; }
void ReleaseSessionOptions(SessionOptions* options) { delete options; }

}  // namespace fake

const void* get_api(std::uint32_t) {
    using AnyFunction = void (*)();
    static std::array<AnyFunction, 300> table;
    const char* lacks = std::getenv("FAKE_ORT_LACKS");
#define FAKE_ORT_PUT(place, name, ...)                                                                               \
    table[place] = lacks != nullptr && std::strcmp(lacks, #name) == 0                                                \
                       ? nullptr                                                                                     \
                       : reinterpret_cast<AnyFunction>(static_cast<std::add_pointer_t<__VA_ARGS__>>(&fake::name));
    EDGEADAPT_ORT_ENTRIES(FAKE_ORT_PUT)
    FAKE_ORT_PUT(293, SessionOptionsSetLoadCancellationFlag, Status*(SessionOptions*, bool))
    return is_set("FAKE_ORT_REFUSES") ? nullptr : table.data();
}

const char* get_version() {
    const char* version = std::getenv("FAKE_ORT_VERSION");
    return version != nullptr ? version : "1.23.0";
}

}  // namespace

#define FAKE_ORT_EXPORT extern "C" __attribute__((visibility("default")))

FAKE_ORT_EXPORT const ApiBase* OrtGetApiBase() {
    static constexpr ApiBase base{&get_api, &get_version};
    return &base;
}

FAKE_ORT_EXPORT long fake_ort_count(const char* what) {
    const std::lock_guard lock(world().mutex);
    const auto found = world().counts.find(what);
    return found == world().counts.end() ? 0 : found->second;
}

// One `key=value` a line, as the latest load got them; good until the next one.
FAKE_ORT_EXPORT const char* fake_ort_options() {
    const std::lock_guard lock(world().mutex);
    return world().options.c_str();
}

// Ends whatever hangs or is slow.
FAKE_ORT_EXPORT void fake_ort_wake() {
    {
        const std::lock_guard lock(world().mutex);
        ++world().wakes;
    }
    world().changed.notify_all();
}
