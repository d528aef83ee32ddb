// A version from before loads could be cancelled: it serves, and a load ends by itself.
#include <thread>

#include "fake_ort.hpp"

using namespace edgeadapt;

namespace {

void a_cancelled_load_goes_on_and_comes_to_nothing() {
    LoadCancellation cancellation;
    std::thread loading([&] {
        static_cast<void>(
            fake_ort::said_by<LoadCancelled>([&] { static_cast<void>(fake_ort::load("load: hang", cancellation)); }));
    });
    fake_ort::await_count("load hang", 1);
    cancellation.cancel();
    CHECK(fake_ort::count("load stopped") == 0);
    fake_ort::wake();
    loading.join();
    CHECK(fake_ort::count("load stopped") == 0);
    CHECK(fake_ort::count("sessions") == 0);
}

}  // namespace

int main() {
    const fake_ort::Setting version("FAKE_ORT_VERSION", "1.21.1");
    const OrtLibrary& library = OrtLibrary::open(FAKE_ORT_PATH);
    CHECK(library.version() == "1.21.1");
    CHECK(!library.can_cancel());
    CHECK(fake_ort::load("inputs: a int8 2")->inputs()[0].name == "a");
    a_cancelled_load_goes_on_and_comes_to_nothing();
}
