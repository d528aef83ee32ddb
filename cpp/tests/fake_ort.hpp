// Reaches the stand-in for ONNX Runtime from a test: how often what happened, and the models that tell it what to do.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "check.hpp"
#include "edgeadapt/ort_session.hpp"

namespace fake_ort {

template <class Function>
Function* entry(const char* name) {
    void* library = dlopen(FAKE_ORT_PATH, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != nullptr);
    auto* found = reinterpret_cast<Function*>(reinterpret_cast<void (*)()>(dlsym(library, name)));
    CHECK(found != nullptr);
    return found;
}

inline long count(const char* what) { return entry<long(const char*)>("fake_ort_count")(what); }
inline std::string options() { return entry<const char*()>("fake_ort_options")(); }
inline void wake() { entry<void()>("fake_ort_wake")(); }

inline void await_count(const char* what, long at_least) {
    while (count(what) < at_least) std::this_thread::yield();
}

inline std::shared_ptr<const edgeadapt::OrtSession> load(const std::string& orders,
                                                         edgeadapt::LoadCancellation& cancellation,
                                                         const edgeadapt::OrtSettings& settings = {}) {
    const auto model = std::make_shared<const std::string>("fake-ort\n" + orders);
    return edgeadapt::OrtSession::load(edgeadapt::OrtLibrary::open(FAKE_ORT_PATH), "fake",
                                       edgeadapt::ModelBytes{*model, model}, settings, cancellation);
}

inline std::shared_ptr<const edgeadapt::OrtSession> load(const std::string& orders) {
    edgeadapt::LoadCancellation cancellation;
    return load(orders, cancellation);
}

// Sets an environment variable while it lives.
class Setting {
public:
    Setting(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;
    ~Setting() { unsetenv(name_); }

private:
    const char* name_;
};

// What an error of this type says; ends the test where there is none.
template <class Error, class Body>
std::string said_by(Body&& body) {
    try {
        body();
    } catch (const Error& error) {
        return error.what();
    }
    CHECK(!"an error was expected");
    return {};
}

}  // namespace fake_ort
