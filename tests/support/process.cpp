#include "support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

extern char** environ;

namespace lix::test {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

fs::path newFolder() {
  std::string name = (fs::temp_directory_path() / "lix-said-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    std::abort();
  }
  return name;
}

std::vector<std::string> environment(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (const auto& [name, value] : added) {
    all.push_back(name + "=" + value);
  }
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string one = *at;
    bool replaced = false;
    for (const auto& [name, value] : added) {
      replaced = replaced || one.starts_with(name + "=");
    }
    if (!replaced) {
      all.push_back(one);
    }
  }
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  for (const std::string& word : words) {
    result.push_back(const_cast<char*>(word.c_str()));
  }
  result.push_back(nullptr);
  return result;
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Surroundings& surroundings)
    : kept_(newFolder()), deadline_(Clock::now() + surroundings.limit) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  const std::string out = (kept_ / "out").string(), err = (kept_ / "err").string(),
                    folder = surroundings.folder.string();
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (!folder.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  }
  const auto variables = environment(surroundings.environment);
  if (::posix_spawnp(&pid_, command[0].c_str(), &actions, nullptr, pointers(command).data(),
                     pointers(variables).data()) != 0) {
    pid_ = -1;
  }
  ::posix_spawn_file_actions_destroy(&actions);
}

Process::~Process() {
  send(SIGKILL);
  collect(0);
  std::error_code ignored;
  fs::remove_all(kept_, ignored);
}

void Process::send(int signal) {
  if (pid_ > 0 && !collected_) {
    ::kill(pid_, signal);
  }
}

bool Process::collect(int options) {
  if (pid_ > 0 && !collected_) {
    collected_ = ::waitpid(pid_, &status_, options) == pid_;
  }
  return pid_ <= 0 || collected_;
}

bool Process::ended() { return collect(WNOHANG); }

std::string Process::errSoFar() const { return contents(kept_ / "err"); }

Ran Process::wait() {
  Ran result;
  while (!ended()) {
    if (Clock::now() > deadline_) {
      result.overtime = true;
      send(SIGKILL);
      collect(0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  result.code = pid_ <= 0 ? 127 : WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  result.signal = pid_ > 0 && WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  result.out = contents(kept_ / "out");
  result.err = contents(kept_ / "err");
  return result;
}

Ran ran(const std::vector<std::string>& command, const Surroundings& surroundings) {
  return Process(command, surroundings).wait();
}

}  // namespace lix::test
