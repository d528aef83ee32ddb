// The thread beside a loader: what runs there, and what comes back from it.
#include "edgeadapt/companion.hpp"

#include <stdexcept>
#include <string>
#include <thread>

#if !defined(_WIN32)
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "check.hpp"

using edgeadapt::Companion;

namespace {

std::thread::id where_a_job_runs() {
    std::thread::id found;
    Companion::run([&] { found = std::this_thread::get_id(); });
    return found;
}

void without_a_companion_a_job_runs_here() { CHECK(where_a_job_runs() == std::this_thread::get_id()); }

void with_one_every_job_runs_there() {
    const Companion companion;
    const std::thread::id there = where_a_job_runs();
    CHECK(there != std::this_thread::get_id());
    CHECK(where_a_job_runs() == there);
}

void it_is_one_threads_own() {
    const Companion companion;
    std::thread([] { CHECK(where_a_job_runs() == std::this_thread::get_id()); }).join();
}

void a_job_within_a_job_runs_there_too() {
    const Companion companion;
    Companion::run([] { CHECK(where_a_job_runs() == std::this_thread::get_id()); });
}

void what_a_job_throws_comes_out_and_the_next_one_runs() {
    const Companion companion;
    std::string said;
    try {
        Companion::run([] { throw std::runtime_error("no such file"); });
    } catch (const std::runtime_error& error) {
        said = error.what();
    }
    CHECK(said == "no such file");
    CHECK(where_a_job_runs() != std::this_thread::get_id());
}

void after_its_end_a_job_runs_here_again() {
    { const Companion companion; }
    {
        const Companion companion;
        CHECK(where_a_job_runs() != std::this_thread::get_id());
    }
    CHECK(where_a_job_runs() == std::this_thread::get_id());
}

#if !defined(_WIN32)
void check_good_end(pid_t child) {
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void a_forked_child_runs_its_jobs_itself() {
    const pid_t child = [] {
        const Companion companion;
        static_cast<void>(where_a_job_runs());
        const pid_t made = fork();
        if (made == 0) CHECK(where_a_job_runs() == std::this_thread::get_id());
        return made;
    }();
    if (child == 0) _exit(0);
    check_good_end(child);
}

void where_the_system_has_no_thread_left_a_job_runs_here() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they end a program that has no memory left
    const pid_t child = fork();
    if (child == 0) {
        // Less than it has: no room for another thread's stack.
        const rlimit none{1, 1};
        CHECK(setrlimit(RLIMIT_AS, &none) == 0);
        const Companion companion;
        CHECK(where_a_job_runs() == std::this_thread::get_id());
        _exit(0);
    }
    check_good_end(child);
#endif
}
#endif

}  // namespace

int main() {
#if !defined(_WIN32)
    // First: a thread that has ended would leave its stack for the next one.
    where_the_system_has_no_thread_left_a_job_runs_here();
#endif
    without_a_companion_a_job_runs_here();
    with_one_every_job_runs_there();
    it_is_one_threads_own();
    a_job_within_a_job_runs_there_too();
    what_a_job_throws_comes_out_and_the_next_one_runs();
    after_its_end_a_job_runs_here_again();
#if !defined(_WIN32)
    a_forked_child_runs_its_jobs_itself();
#endif
}
