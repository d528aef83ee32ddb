// Opening ONNX Runtime's library: what is no such library, and what is one that cannot be used.
#include <string>

#include "edgeadapt/ort_library.hpp"
#include "fake_ort.hpp"

using namespace edgeadapt;
using fake_ort::said_by;
using fake_ort::Setting;

namespace {

std::string refused() {
    return said_by<OrtUnavailable>([] { static_cast<void>(OrtLibrary::open(FAKE_ORT_PATH)); });
}

void what_is_no_library_is_refused() {
    const auto open = [](const char* path) { static_cast<void>(OrtLibrary::open(path)); };
    CHECK(said_by<OrtUnavailable>([&] { open("/nowhere.so"); }).find("/nowhere.so") != std::string::npos);
#if defined(__linux__)
    CHECK(said_by<OrtUnavailable>([&] { open("libm.so.6"); }) ==
          "the library has no `OrtGetApiBase`; it is not ONNX Runtime");
#endif
}

void an_old_version_is_refused_before_it_is_asked() {
    const Setting version("FAKE_ORT_VERSION", "1.16.3");
    CHECK(refused() == "ONNX Runtime 1.16.3 is too old; 1.17 would do");
}

void a_version_that_is_no_version_is_refused() {
    for (const char* each : {"", "nightly", "2.1.0", "1", "1."}) {
        const Setting version("FAKE_ORT_VERSION", each);
        CHECK(refused() == "ONNX Runtime " + std::string(each) + " is too old; 1.17 would do");
    }
}

void a_refused_level_is_said() {
    const Setting refuses("FAKE_ORT_REFUSES", "1");
    CHECK(refused() == "ONNX Runtime 1.23.0 refuses level 22 of its API");
    const Setting version("FAKE_ORT_VERSION", "1.19.2");
    CHECK(refused() == "ONNX Runtime 1.19.2 refuses level 17 of its API");
}

void every_entry_is_missed() {
#define MISSED(place, name, ...)                                                              \
    {                                                                                         \
        const Setting lacks("FAKE_ORT_LACKS", #name);                                         \
        CHECK(refused() == "ONNX Runtime 1.23.0 has no `" #name "` where it belongs");        \
    }
    EDGEADAPT_ORT_ENTRIES(MISSED)
#undef MISSED
}

// What failed before is tried again, and what was opened stays.
void a_library_is_opened_once() {
    const OrtLibrary& library = OrtLibrary::open(FAKE_ORT_PATH);
    CHECK(library.version() == "1.23.0");
    CHECK(library.can_cancel());
    const Setting refuses("FAKE_ORT_REFUSES", "1");
    CHECK(&OrtLibrary::open(FAKE_ORT_PATH) == &library);
}

void an_environment_that_fails_is_tried_again_and_made_once() {
    const OrtLibrary& library = OrtLibrary::open(FAKE_ORT_PATH);
    {
        const Setting fails("FAKE_ORT_ENV_FAILS", "1");
        CHECK(said_by<OrtError>([&] { static_cast<void>(library.env()); }) == "no threads are left");
    }
    CHECK(library.env() != nullptr);
    CHECK(library.env() == library.env());
    CHECK(fake_ort::count("environments") == 1);
}

}  // namespace

int main() {
    what_is_no_library_is_refused();
    an_old_version_is_refused_before_it_is_asked();
    a_version_that_is_no_version_is_refused();
    a_refused_level_is_said();
    every_entry_is_missed();
    a_library_is_opened_once();
    an_environment_that_fails_is_tried_again_and_made_once();
}
