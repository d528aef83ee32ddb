// The part of ONNX Runtime's C API that is used here: each entry's place in its function table, and its type.
//
// No package ships the runtime's own header, and its table is append-only: an entry's place is its ABI.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <type_traits>

namespace edgeadapt::ort {

struct Env;
struct Status;  // null is success
struct Session;
struct SessionOptions;
struct RunOptions;
struct MemoryInfo;
struct Value;
struct Allocator;
struct TypeInfo;
struct TensorInfo;  // an element type and a shape
// Wide on Windows.
using PathChar = std::filesystem::path::value_type;

// The values of its enumerations that are used.
inline constexpr int error_invalid_argument = 2;
inline constexpr int log_severity_fatal = 4;
inline constexpr int kind_tensor = 1;
inline constexpr int allocator_arena = 1;
inline constexpr int memory_default = 0;

enum class ElementType : int {
    undefined = 0,
    float32 = 1,
    uint8 = 2,
    int8 = 3,
    uint16 = 4,
    int16 = 5,
    int32 = 6,
    int64 = 7,
    boolean = 9,
    float16 = 10,
    float64 = 11,
    uint32 = 12,
    uint64 = 13,
};

enum class GraphLevel : int { disable = 0, basic = 1, extended = 2, all = 99 };

// The level whose entries every version has that has the oldest wheel with the library in it (1.19).
inline constexpr std::uint32_t oldest_level = 17;
// The level from which on a load can be cancelled.
inline constexpr std::uint32_t cancellation_level = 22;

// ENTRY(place, name, type)
#define EDGEADAPT_ORT_ENTRIES(ENTRY)                                                                                   \
    ENTRY(1, GetErrorCode, int(const Status*))                                                                         \
    ENTRY(2, GetErrorMessage, const char*(const Status*))                                                              \
    ENTRY(3, CreateEnv, Status*(int severity, const char* id, Env**))                                                  \
    ENTRY(7, CreateSession, Status*(const Env*, const PathChar*, const SessionOptions*, Session**))                    \
    ENTRY(8, CreateSessionFromArray, Status*(const Env*, const void*, std::size_t, const SessionOptions*, Session**))  \
    ENTRY(9, Run, Status*(Session*, const RunOptions*, const char* const* names, const Value* const*, std::size_t,     \
                          const char* const* output_names, std::size_t, Value**))                                      \
    ENTRY(10, CreateSessionOptions, Status*(SessionOptions**))                                                         \
    ENTRY(22, SetSessionLogSeverityLevel, Status*(SessionOptions*, int))                                               \
    ENTRY(23, SetSessionGraphOptimizationLevel, Status*(SessionOptions*, GraphLevel))                                  \
    ENTRY(24, SetIntraOpNumThreads, Status*(SessionOptions*, int))                                                     \
    ENTRY(25, SetInterOpNumThreads, Status*(SessionOptions*, int))                                                     \
    ENTRY(30, SessionGetInputCount, Status*(const Session*, std::size_t*))                                             \
    ENTRY(31, SessionGetOutputCount, Status*(const Session*, std::size_t*))                                            \
    ENTRY(33, SessionGetInputTypeInfo, Status*(const Session*, std::size_t, TypeInfo**))                               \
    ENTRY(34, SessionGetOutputTypeInfo, Status*(const Session*, std::size_t, TypeInfo**))                              \
    ENTRY(36, SessionGetInputName, Status*(const Session*, std::size_t, Allocator*, char**))                           \
    ENTRY(37, SessionGetOutputName, Status*(const Session*, std::size_t, Allocator*, char**))                          \
    ENTRY(39, CreateRunOptions, Status*(RunOptions**))                                                                 \
    ENTRY(46, RunOptionsSetTerminate, Status*(RunOptions*))                                                            \
    ENTRY(49, CreateTensorWithDataAsOrtValue, Status*(const MemoryInfo*, void*, std::size_t bytes,                     \
                                                      const std::int64_t* dims, std::size_t rank, ElementType, Value**)) \
    ENTRY(51, GetTensorMutableData, Status*(Value*, void**))                                                           \
    ENTRY(55, CastTypeInfoToTensorInfo, Status*(const TypeInfo*, const TensorInfo**))                                  \
    ENTRY(56, GetOnnxTypeFromTypeInfo, Status*(const TypeInfo*, int*))                                                 \
    ENTRY(60, GetTensorElementType, Status*(const TensorInfo*, ElementType*))                                          \
    ENTRY(61, GetDimensionsCount, Status*(const TensorInfo*, std::size_t*))                                            \
    ENTRY(62, GetDimensions, Status*(const TensorInfo*, std::int64_t*, std::size_t))                                   \
    ENTRY(63, GetSymbolicDimensions, Status*(const TensorInfo*, const char**, std::size_t))                            \
    ENTRY(65, GetTensorTypeAndShape, Status*(const Value*, TensorInfo**))                                              \
    ENTRY(69, CreateCpuMemoryInfo, Status*(int allocator, int memory, MemoryInfo**))                                   \
    ENTRY(76, AllocatorFree, Status*(Allocator*, void*))                                                               \
    ENTRY(78, GetAllocatorWithDefaultOptions, Status*(Allocator**))                                                    \
    ENTRY(93, ReleaseStatus, void(Status*))                                                                            \
    ENTRY(95, ReleaseSession, void(Session*))                                                                          \
    ENTRY(96, ReleaseValue, void(Value*))                                                                              \
    ENTRY(97, ReleaseRunOptions, void(RunOptions*))                                                                    \
    ENTRY(98, ReleaseTypeInfo, void(TypeInfo*))                                                                        \
    ENTRY(99, ReleaseTensorTypeAndShapeInfo, void(TensorInfo*))                                                        \
    ENTRY(100, ReleaseSessionOptions, void(SessionOptions*))                                                           \
    ENTRY(130, AddSessionConfigEntry, Status*(SessionOptions*, const char* key, const char* value))

// What the library exports, by `OrtGetApiBase`.
struct ApiBase {
    const void* (*get_api)(std::uint32_t level);
    const char* (*get_version)();
};
inline constexpr const char* api_base_symbol = "OrtGetApiBase";

// The entries, read from a table. Immutable once read.
struct Api {
#define EDGEADAPT_ORT_MEMBER(place, name, ...) std::add_pointer_t<__VA_ARGS__> name = nullptr;
    EDGEADAPT_ORT_ENTRIES(EDGEADAPT_ORT_MEMBER)
#undef EDGEADAPT_ORT_MEMBER
    // Null below `cancellation_level`.
    Status* (*SessionOptionsSetLoadCancellationFlag)(SessionOptions*, bool) = nullptr;
};

// Reads a table that answers `level`; returns the name of an entry that is missing from it, empty where none is.
[[nodiscard]] std::string_view read_table(const void* table, std::uint32_t level, Api& api) noexcept;

// The bytes of one element.
[[nodiscard]] constexpr std::size_t size_of(ElementType type) noexcept {
    switch (type) {
        case ElementType::uint8:
        case ElementType::int8:
        case ElementType::boolean: return 1;
        case ElementType::uint16:
        case ElementType::int16:
        case ElementType::float16: return 2;
        case ElementType::float32:
        case ElementType::int32:
        case ElementType::uint32: return 4;
        case ElementType::float64:
        case ElementType::int64:
        case ElementType::uint64: return 8;
        case ElementType::undefined: break;
    }
    return 0;
}

}  // namespace edgeadapt::ort
