// ONNX Runtime's shared library, opened once a process, and its one environment.
#pragma once

#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>

#include "edgeadapt/ort_api.hpp"

namespace edgeadapt {

// The library is not there, or is not one that this code can talk to; a reason to serve by other means.
class OrtUnavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// ONNX Runtime refused something.
class OrtError : public std::runtime_error {
public:
    OrtError(int code_, const std::string& text) : std::runtime_error(text), code(code_) {}
    int code;
};

// Thread rule: any thread. Never closed: sessions, and the runtime's own threads, may outlive everything else.
class OrtLibrary {
public:
    // Opens the library at `path`, once a process; throws OrtUnavailable.
    [[nodiscard]] static const OrtLibrary& open(const std::filesystem::path& path);

    OrtLibrary(const OrtLibrary&) = delete;
    OrtLibrary& operator=(const OrtLibrary&) = delete;

    [[nodiscard]] const ort::Api& api() const noexcept { return api_; }
    [[nodiscard]] const std::string& version() const noexcept { return version_; }
    [[nodiscard]] bool can_cancel() const noexcept { return api_.SessionOptionsSetLoadCancellationFlag != nullptr; }

    // The environment that sessions are made in; made at the first call. Throws OrtError.
    [[nodiscard]] const ort::Env* env() const;
    // Where arrays lie that the host owns. There once `env` has returned.
    [[nodiscard]] const ort::MemoryInfo* host_memory() const noexcept { return host_memory_; }
    // How a run without a wish of its own is made: without any, the runtime would make options at each run.
    [[nodiscard]] const ort::RunOptions* plain_run() const noexcept { return plain_run_; }

    // Takes a status; throws OrtError where it is none of success.
    void check(ort::Status* status) const;
    // Takes a status that is none of success, and says what it says.
    [[nodiscard]] OrtError error_of(ort::Status* status) const;

private:
    explicit OrtLibrary(const std::filesystem::path& path);

    ort::Api api_;
    std::string version_;
    mutable std::mutex mutex_;  // guards the making of what follows
    mutable ort::Env* env_ = nullptr;
    mutable ort::MemoryInfo* host_memory_ = nullptr;
    mutable ort::RunOptions* plain_run_ = nullptr;
};

}  // namespace edgeadapt
