#pragma once
#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lix::test {

/// How a process ended and what it said.
struct Ran {
  int code = -1;          ///< exit status, -1 where a signal ended it
  int signal = 0;         ///< that signal, 0 where it exited
  bool overtime = false;  ///< it was killed because it ran past its time
  std::string out, err;
};

/// What a process is started with, besides its words.
struct Surroundings {
  std::filesystem::path folder;                                  ///< to start in, "" = this one
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to this process's own
  std::chrono::seconds limit{120};
};

/// A process with both its outputs kept in files; killed and collected at the end of its scope.
class Process {
 public:
  /// The program is looked for in PATH. A program that cannot be started ends with code 127.
  explicit Process(const std::vector<std::string>& command, const Surroundings& surroundings = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal);
  bool ended();
  /// Waits for its end (kills it past the limit) and reads what it said.
  Ran wait();
  /// Standard error so far.
  std::string errSoFar() const;

 private:
  bool collect(int options);

  pid_t pid_ = -1;
  int status_ = 0;
  bool collected_ = false;
  std::filesystem::path kept_;  ///< folder with "out" and "err"
  std::chrono::steady_clock::time_point deadline_;
};

/// Runs a command to its end.
Ran ran(const std::vector<std::string>& command, const Surroundings& surroundings = {});

}  // namespace lix::test
