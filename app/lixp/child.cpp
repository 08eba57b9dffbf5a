#include "lixp/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"

extern char** environ;

namespace lix::app {
namespace {

/// Both ends of a pipe, closed at the end of the scope.
struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read = ends[0];
      write = ends[1];
    }
  }
  ~Pipe() {
    close(read);
    close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  static void close(int& end) {
    if (end >= 0) {
      ::close(end);
      end = -1;
    }
  }
};

/// Reads both pipes to their ends; what comes from the second is passed on.
void drain(Pipe& out, Pipe& err, std::string& output, std::string& errors) {
  std::array<char, 1 << 16> block;
  while (out.read >= 0 || err.read >= 0) {
    ::pollfd watched[2] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) {
      return;
    }
    for (int i = 0; i < 2; ++i) {
      if (watched[i].fd < 0 || (watched[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) {
        continue;
      }
      const auto count = ::read(watched[i].fd, block.data(), block.size());
      if (count <= 0) {
        Pipe::close(i == 0 ? out.read : err.read);
        continue;
      }
      (i == 0 ? output : errors).append(block.data(), std::size_t(count));
      if (i == 1) {
        std::fwrite(block.data(), 1, std::size_t(count), stderr);
      }
    }
  }
}

std::string lastLine(const std::string& text) {
  std::string last;
  for (const std::string& line : split(text, '\n')) {
    if (!trim(line).empty()) {
      last = trim(line);
    }
  }
  return last.starts_with("lixp: ") ? last.substr(6) : last;
}

}  // namespace

Result<ChildEnd> runSelf(const std::vector<std::string>& arguments) {
  std::error_code failed;
  const std::string self = std::filesystem::read_symlink("/proc/self/exe", failed).string();
  std::vector<char*> words{const_cast<char*>("lixp")};
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));
  }
  words.push_back(nullptr);
  Pipe out, err;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
  ::pid_t child = 0;
  const int problem = ::posix_spawn(&child, failed ? "/proc/self/exe" : self.c_str(), &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) {
    return fail(ErrorCode::Io, cat("lixp cannot start itself: ", std::strerror(problem), "."));
  }
  Pipe::close(out.write);
  Pipe::close(err.write);
  ChildEnd end;
  std::string errors;
  drain(out, err, end.out, errors);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.said = lastLine(errors);
  return end;
}

}  // namespace lix::app
