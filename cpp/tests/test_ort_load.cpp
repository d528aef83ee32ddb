// Loading a model: what the runtime is told, what it refuses, and how another thread ends a load.
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "fake_ort.hpp"

using namespace edgeadapt;
using fake_ort::load;
using fake_ort::said_by;

namespace {

void what_a_model_takes_and_gives_is_told() {
    const auto session = load("inputs: a float16 N,3,-;b int64 -\noutputs: c bool 7");
    CHECK(session->label() == "fake");
    CHECK(session->inputs().size() == 2 && session->outputs().size() == 1);
    CHECK(session->inputs()[0].name == "a" && session->inputs()[0].type == ort::ElementType::float16);
    CHECK((session->inputs()[0].dims == std::vector<std::int64_t>{-1, 3, -1}));
    CHECK((session->inputs()[0].symbols == std::vector<std::string>{"N", "", "-"}));
    CHECK(session->inputs()[1].dims.empty());
    CHECK((session->outputs()[0].dims == std::vector<std::int64_t>{7}));
}

void the_settings_arrive_and_nothing_else() {
    static_cast<void>(load("load: ok"));
    CHECK(fake_ort::options() == "log=4\n");
    CHECK(fake_ort::count("environments with log=4") == fake_ort::count("environments"));
    LoadCancellation cancellation;
    OrtSettings settings;
    settings.intra_op_threads = 2;
    settings.inter_op_threads = 1;
    settings.graph_level = ort::GraphLevel::all;
    settings.config_entries = {{"session.x", "1"}, {"session.y", ""}};
    static_cast<void>(load("load: ok", cancellation, settings));
    CHECK(fake_ort::options() == "graph=99\ninter=1\nintra=2\nlog=4\nsession.x=1\nsession.y=\n");
}

void a_path_is_loaded_as_bytes_are() {
    LoadCancellation cancellation;
    const OrtLibrary& library = OrtLibrary::open(FAKE_ORT_PATH);
    const std::filesystem::path path = std::filesystem::temp_directory_path() / "edgeadapt_test_ort_load.model";
    const auto from_path = [&] { return OrtSession::load(library, "file", path, {}, cancellation); };
    std::filesystem::remove(path);
    CHECK(said_by<OrtError>([&] { static_cast<void>(from_path()); }) == "File doesn't exist");
    std::ofstream(path) << "fake-ort\ninputs: f int8 2";
    CHECK(from_path()->inputs()[0].name == "f");
    std::ofstream(path) << "other";
    CHECK(said_by<OrtError>([&] { static_cast<void>(from_path()); }) == "Protobuf parsing failed.");
    std::filesystem::remove(path);
}

void a_refusal_has_its_code_and_its_words_and_leaves_nothing() {
    const long living = fake_ort::count("sessions");
    try {
        static_cast<void>(load("load: error 9 no kernel for `Foo`"));
        CHECK(!"an error was expected");
    } catch (const OrtError& error) {
        CHECK(error.code == 9 && std::string(error.what()) == "no kernel for `Foo`");
    }
    CHECK(fake_ort::count("sessions") == living);
}

void a_session_is_released_with_its_last_owner() {
    const long living = fake_ort::count("sessions");
    auto session = load("load: ok");
    auto other = session;
    session.reset();
    CHECK(fake_ort::count("sessions") == living + 1);
    other.reset();
    CHECK(fake_ort::count("sessions") == living);
}

// As long as the session lives, and not the bytes of a model that the runtime copies.
void the_bytes_of_a_model_that_is_read_where_it_lies_are_kept() {
    const OrtLibrary& library = OrtLibrary::open(FAKE_ORT_PATH);
    for (const bool is_in_place : {false, true}) {
        auto model = std::make_shared<const std::string>("fake-ort\nload: ok");
        const std::weak_ptr<const std::string> kept = model;
        OrtSettings settings;
        if (is_in_place) settings.config_entries = {{"session.use_ort_model_bytes_directly", "1"}};
        LoadCancellation cancellation;
        auto session = OrtSession::load(library, "bytes", ModelBytes{*model, model}, settings, cancellation);
        model.reset();
        CHECK(kept.expired() != is_in_place);
        session.reset();
        CHECK(kept.expired());
    }
}

void a_load_that_hangs_ends_when_it_is_cancelled() {
    const long stopped = fake_ort::count("load stopped"), hung = fake_ort::count("load hang");
    LoadCancellation cancellation;
    std::thread loading([&] {
        CHECK(said_by<LoadCancelled>([&] { static_cast<void>(load("load: hang", cancellation)); }) == "the load was cancelled");
    });
    fake_ort::await_count("load hang", hung + 1);
    cancellation.cancel();
    loading.join();
    CHECK(fake_ort::count("load stopped") == stopped + 1);
}

// The runtime does not look: what it brings in the end is destroyed.
void a_load_that_ignores_its_cancellation_comes_to_nothing() {
    const long living = fake_ort::count("sessions"), deaf = fake_ort::count("load deaf");
    LoadCancellation cancellation;
    std::thread loading(
        [&] { static_cast<void>(said_by<LoadCancelled>([&] { static_cast<void>(load("load: deaf", cancellation)); })); });
    fake_ort::await_count("load deaf", deaf + 1);
    cancellation.cancel();
    fake_ort::wake();
    loading.join();
    CHECK(fake_ort::count("sessions") == living);
}

void a_cancelled_load_does_not_reach_the_runtime() {
    const long loads = fake_ort::count("load");
    LoadCancellation cancellation;
    cancellation.cancel();
    static_cast<void>(said_by<LoadCancelled>([&] { static_cast<void>(load("load: ok", cancellation)); }));
    CHECK(fake_ort::count("load") == loads);
}

void loads_come_one_after_another_and_one_that_waits_can_be_cancelled() {
    const long loads = fake_ort::count("load"), hung = fake_ort::count("load hang");
    LoadCancellation first, second;
    std::thread loading([&] { static_cast<void>(said_by<LoadCancelled>([&] { static_cast<void>(load("load: hang", first)); })); });
    fake_ort::await_count("load hang", hung + 1);
    std::thread waiting([&] { static_cast<void>(said_by<LoadCancelled>([&] { static_cast<void>(load("load: ok", second)); })); });
    std::thread third([&] { CHECK(load("load: ok") != nullptr); });
    second.cancel();
    waiting.join();
    CHECK(fake_ort::count("load") == loads + 1);
    first.cancel();
    loading.join();
    third.join();
    CHECK(fake_ort::count("load") == loads + 2);
}

}  // namespace

int main() {
    what_a_model_takes_and_gives_is_told();
    the_settings_arrive_and_nothing_else();
    a_path_is_loaded_as_bytes_are();
    a_refusal_has_its_code_and_its_words_and_leaves_nothing();
    a_session_is_released_with_its_last_owner();
    the_bytes_of_a_model_that_is_read_where_it_lies_are_kept();
    a_load_that_hangs_ends_when_it_is_cancelled();
    a_load_that_ignores_its_cancellation_comes_to_nothing();
    a_cancelled_load_does_not_reach_the_runtime();
    loads_come_one_after_another_and_one_that_waits_can_be_cancelled();
}
