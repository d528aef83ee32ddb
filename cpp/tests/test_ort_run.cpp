// Running a session: its answers, its refusals, its end at a time, several threads at once.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "edgeadapt/ort_run.hpp"
#include "fake_ort.hpp"

using namespace edgeadapt;
using fake_ort::load;
using fake_ort::said_by;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t dims[] = {1, 4};

// Runs it on four numbers, and returns what it gives for the last output.
std::vector<float> run(const OrtSession& session, float first, std::optional<Clock::time_point> until = {}) {
    const float numbers[] = {first, first + 1, first + 2, first + 3};
    std::vector<TensorView> views(session.inputs().size(), TensorView{numbers, dims, 2, sizeof numbers});
    OrtRun run(session);
    run.bind(views.data());
    run.run(until);
    const std::size_t last = session.outputs().size() - 1;
    std::int64_t found[2];
    CHECK(run.output(last).rank == 2);
    run.read_dims(last, found);
    CHECK(found[0] == 1 && found[1] == 4);
    std::vector<float> out(4);
    std::memcpy(out.data(), run.output(last).data, sizeof numbers);
    return out;
}

void an_answer_is_what_the_model_gives() {
    CHECK((run(*load("run: ok"), 3) == std::vector<float>{3, 4, 5, 6}));
    CHECK((run(*load("fills: 7"), 3) == std::vector<float>{7, 7, 7, 7}));
}

void more_inputs_and_outputs_than_have_room_without_an_allocation() {
    std::string inputs, outputs;
    for (int index = 0; index < 20; ++index) {
        inputs += "x" + std::to_string(index) + " float32 N,4;";
        outputs += "y" + std::to_string(index) + " float32 N,4;";
    }
    CHECK((run(*load("inputs: " + inputs + "\noutputs: " + outputs), 1) == std::vector<float>{1, 2, 3, 4}));
}

void a_refused_input_is_an_error_and_leaves_nothing() {
    const auto session = load("run: ok");
    const TensorView view{nullptr, dims, 2, 3};
    OrtRun run(*session);
    CHECK(said_by<OrtError>([&] { run.bind(&view); }) == "not enough space");
}

void a_refused_run_is_an_error_and_the_next_one_is_another() {
    const auto session = load("run: error 6 it broke");
    for (int turn = 0; turn < 2; ++turn) {
        CHECK(said_by<OrtError>([&] { run(*session, 1); }) == "it broke");
        CHECK(said_by<OrtError>([&] { run(*session, 1, Clock::now() + hours(1)); }) == "it broke");
    }
}

void a_run_that_hangs_ends_at_its_time() {
    const auto session = load("run: hang");
    const long stopped = fake_ort::count("run stopped");
    CHECK(said_by<RunTimedOut>([&] { run(*session, 1, Clock::now() + milliseconds(20)); }) == "the inference did not end in time");
    CHECK(fake_ort::count("run stopped") == stopped + 1);
}

void what_comes_too_late_is_not_begun() {
    const auto session = load("run: ok");
    const long runs = fake_ort::count("run");
    static_cast<void>(said_by<RunTimedOut>([&] { run(*session, 1, Clock::now()); }));
    CHECK(fake_ort::count("run") == runs);
}

// An operator that does not look ends when it does.
void an_answer_that_comes_late_is_none() {
    const auto deaf = load("run: deaf");
    const long runs = fake_ort::count("run deaf"), stopped = fake_ort::count("run stopped");
    const Clock::time_point until = Clock::now() + milliseconds(5);
    std::thread waking([&] {
        fake_ort::await_count("run deaf", runs + 1);
        std::this_thread::sleep_until(until);
        fake_ort::wake();
    });
    static_cast<void>(said_by<RunTimedOut>([&] { run(*deaf, 1, until); }));
    waking.join();
    CHECK(fake_ort::count("run stopped") == stopped);
}

void an_answer_in_time_is_an_answer() {
    CHECK((run(*load("run: ok"), 3, Clock::now() + hours(1)) == std::vector<float>{3, 4, 5, 6}));
}

// The one that is late ends alone.
void many_threads_run_one_session_and_each_has_its_own_time() {
    const auto fast = load("run: ok"), slow = load("run: hang");
    std::atomic<int> late{0};
    std::vector<std::thread> threads;
    for (int index = 0; index < 4; ++index) {
        threads.emplace_back([&, index] {
            for (int turn = 0; turn < 300; ++turn) {
                const float first = static_cast<float>(index * 1000 + turn);
                CHECK(run(*fast, first, turn % 2 ? std::optional(Clock::now() + hours(1)) : std::nullopt)[3] == first + 3);
            }
        });
        threads.emplace_back([&] {
            for (int turn = 0; turn < 5; ++turn) {
                static_cast<void>(said_by<RunTimedOut>([&] { run(*slow, 1, Clock::now() + milliseconds(5)); }));
                ++late;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(late == 20);
}

void a_forked_child_is_refused_and_destroys_in_peace() {
    auto session = load("run: ok");
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        static_cast<void>(said_by<RunAfterFork>([&] { run(*session, 1); }));
        session.reset();
        _exit(0);
    }
    int status = 1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(run(*session, 1)[0] == 1);
}

}  // namespace

int main() {
    a_forked_child_is_refused_and_destroys_in_peace();
    an_answer_is_what_the_model_gives();
    more_inputs_and_outputs_than_have_room_without_an_allocation();
    a_refused_input_is_an_error_and_leaves_nothing();
    a_refused_run_is_an_error_and_the_next_one_is_another();
    a_run_that_hangs_ends_at_its_time();
    what_comes_too_late_is_not_begun();
    an_answer_in_time_is_an_answer();
    an_answer_that_comes_late_is_none();
    many_threads_run_one_session_and_each_has_its_own_time();
    CHECK(fake_ort::count("values") == 0);
    CHECK(fake_ort::count("sessions") == 0);
}
