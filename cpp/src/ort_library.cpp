#include "edgeadapt/ort_library.hpp"

#include <charconv>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "edgeadapt/per_process.hpp"

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace edgeadapt {
namespace {

#if defined(_WIN32)
const ort::ApiBase* (*find_api_base(const std::filesystem::path& path))() {
    HMODULE library = LoadLibraryExW(path.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (library == nullptr) throw OrtUnavailable(std::system_category().message(static_cast<int>(GetLastError())));
    return reinterpret_cast<const ort::ApiBase* (*)()>(
        reinterpret_cast<void (*)()>(GetProcAddress(library, ort::api_base_symbol)));
}
#else
const ort::ApiBase* (*find_api_base(const std::filesystem::path& path))() {
    // Local: the Python module of the same wheel has its own copy of everything, which must not find this one.
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* reason = dlerror();
        throw OrtUnavailable(reason != nullptr ? reason : "the library cannot be opened");
    }
    return reinterpret_cast<const ort::ApiBase* (*)()>(dlsym(library, ort::api_base_symbol));
}
#endif

// The level that a version answers: the second number of `1.23.2`; 0 where it has none.
std::uint32_t level_of(const std::string& version) noexcept {
    const std::size_t dot = version.find('.');
    if (version.substr(0, dot) != "1") return 0;
    std::uint32_t level = 0;
    std::from_chars(version.data() + dot + 1, version.data() + version.size(), level);
    return level;
}

struct Libraries {
    std::mutex mutex;
    std::map<std::filesystem::path, std::unique_ptr<const OrtLibrary>> opened;
};

PerProcess<Libraries>& libraries() {
    static PerProcess<Libraries> instance;
    return instance;
}

}  // namespace

const OrtLibrary& OrtLibrary::open(const std::filesystem::path& path) {
    Libraries& all = libraries().get();
    const std::lock_guard lock(all.mutex);
    std::unique_ptr<const OrtLibrary>& library = all.opened[path];
    if (library == nullptr) library.reset(new OrtLibrary(path));
    return *library;
}

OrtLibrary::OrtLibrary(const std::filesystem::path& path) {
    const auto get_base = find_api_base(path);
    if (get_base == nullptr) throw OrtUnavailable("the library has no `OrtGetApiBase`; it is not ONNX Runtime");
    const ort::ApiBase* base = get_base();
    if (base == nullptr || base->get_api == nullptr || base->get_version == nullptr) {
        throw OrtUnavailable("the library's `OrtGetApiBase` gives nothing");
    }
    const char* version = base->get_version();
    version_ = version != nullptr ? version : "";
    // Asked first: to be asked for a level that it has not, the library answers on the host's stderr.
    const std::uint32_t level = level_of(version_) >= ort::cancellation_level ? ort::cancellation_level : ort::oldest_level;
    if (level_of(version_) < level) {
        throw OrtUnavailable("ONNX Runtime " + version_ + " is too old; 1." + std::to_string(level) + " would do");
    }
    const void* table = base->get_api(level);
    if (table == nullptr) {
        throw OrtUnavailable("ONNX Runtime " + version_ + " refuses level " + std::to_string(level) + " of its API");
    }
    const std::string_view missing = ort::read_table(table, level, api_);
    if (!missing.empty()) {
        throw OrtUnavailable("ONNX Runtime " + version_ + " has no `" + std::string(missing) + "` where it belongs");
    }
}

const ort::Env* OrtLibrary::env() const {
    const std::lock_guard lock(mutex_);
    if (env_ == nullptr) {
        if (host_memory_ == nullptr) {
            check(api_.CreateCpuMemoryInfo(ort::allocator_arena, ort::memory_default, &host_memory_));
        }
        if (plain_run_ == nullptr) check(api_.CreateRunOptions(&plain_run_));
        check(api_.CreateEnv(ort::log_severity_fatal, "edgeadapt", &env_));
    }
    return env_;
}

void OrtLibrary::check(ort::Status* status) const {
    if (status != nullptr) throw error_of(status);
}

OrtError OrtLibrary::error_of(ort::Status* status) const {
    const std::unique_ptr<ort::Status, void (*)(ort::Status*)> owner(status, api_.ReleaseStatus);
    const char* text = api_.GetErrorMessage(status);
    return {api_.GetErrorCode(status), text != nullptr ? text : ""};
}

}  // namespace edgeadapt
