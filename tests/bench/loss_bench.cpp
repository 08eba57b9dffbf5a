#include "loss_bench.h"

#include <ATen/Parallel.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace lix::bench {
namespace {

double statusMiB(const char* key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key)) return std::strtod(line.c_str() + std::strlen(key) + 1, nullptr) / 1024;
  return 0;
}

double cpuNow() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

double wallNow() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Seconds on a core of each thread of this process.
std::map<std::string, double> threadSeconds() {
  std::map<std::string, double> seconds;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    double nanoseconds = 0;
    std::ifstream(task.path() / "schedstat") >> nanoseconds;
    seconds[task.path().filename().string()] = 1e-9 * nanoseconds;
  }
  return seconds;
}

double busiest(std::map<std::string, double> before) {
  double most = 0;
  for (const auto& [thread, seconds] : threadSeconds()) most = std::max(most, seconds - before[thread]);
  return most;
}

Measured inThisProcess(int threads, int runs, const std::function<std::function<double()>()>& prepare) {
  at::set_num_threads(threads);
  const std::function<double()> work = prepare();
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts anew from here
  const double before = statusMiB("VmRSS");
  Measured result{.cpuSeconds = 1e30, .wallSeconds = 1e30, .busiestSeconds = 1e30};
  for (int run = 0; run < runs; ++run) {
    const auto threadsBefore = threadSeconds();
    const double cpu = cpuNow(), wall = wallNow();
    result.value = work();
    result.cpuSeconds = std::min(result.cpuSeconds, cpuNow() - cpu);
    result.wallSeconds = std::min(result.wallSeconds, wallNow() - wall);
    result.busiestSeconds = std::min(result.busiestSeconds, busiest(threadsBefore));
    if (run == 0) result.extraMiB = statusMiB("VmHWM") - before;
  }
  return result;
}

}  // namespace

Measured measured(int threads, int runs, const std::function<std::function<double()>()>& prepare) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const Measured result = inThisProcess(threads, runs, prepare);
    const bool written = write(ends[1], &result, sizeof result) == sizeof result;
    std::_Exit(written ? 0 : 1);
  }
  close(ends[1]);
  Measured result;
  if (read(ends[0], &result, sizeof result) != sizeof result) std::puts("  (the measured process ended early)");
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return result;
}

}  // namespace lix::bench

/// lix_loss_bench [name ...]: all benchmarks of losses, or those named.
int main(int count, char** arguments) {
  struct Entry {
    const char* name;
    void (*run)();
  };
  constexpr Entry kEntries[] = {{"llip", lix::bench::benchLlip}, {"pairs", lix::bench::benchPairs}};
  for (const Entry& entry : kEntries) {
    const bool named = std::any_of(arguments + 1, arguments + count,
                                   [&](const char* name) { return std::strcmp(name, entry.name) == 0; });
    if (count == 1 || named) entry.run();
  }
  return 0;
}
