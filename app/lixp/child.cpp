#include "lixp/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "lixp/session.h"

extern char** environ;

namespace lix::app {
namespace {

constexpr int kLookEvery = 100;                  // ms between looks for a signal to pass on
constexpr std::size_t kKeptErrors = 1ULL << 16;  // bytes; the reason is in the last of them

/// Both ends of a pipe, closed at the end of the scope.
struct Pipe {
  int read = -1, write = -1;
  Pipe() = default;
  ~Pipe() {
    close(read);
    close(write);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  Result<void> open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      return fail(ErrorCode::Io, cat("lixp cannot start itself: ", std::strerror(errno), "."));
    }
    read = ends[0];
    write = ends[1];
    return {};
  }
  static void close(int& end) {
    if (end >= 0) {
      ::close(end);
      end = -1;
    }
  }
};

/// Another run of this program.
class Child {
 public:
  /// `err` is the pipe for its standard error, unopened where that is to be ours. A process of its own by posix_spawn:
  /// torch's threads do not survive a fork. By /proc, which is this program even where its file was replaced since.
  Result<void> start(const std::vector<std::string>& arguments, const Pipe& out, const Pipe& err) {
    std::vector<char*> words{const_cast<char*>("lixp")};
    for (const std::string& argument : arguments) {
      words.push_back(const_cast<char*>(argument.c_str()));
    }
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out.write, STDOUT_FILENO);
    if (err.write >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions, err.write, STDERR_FILENO);
    }
    const int problem = ::posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) {
      return fail(ErrorCode::Io, cat("lixp cannot start itself: ", std::strerror(problem), "."));
    }
    return {};
  }

  /// Asks it to stop, once, where this process was: a Ctrl-C reached it too, a polite kill of this process did not.
  void passOn() {
    if (interrupted() && !told_) {
      ::kill(process_, SIGTERM);
      told_ = true;
    }
  }

  int wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
      passOn();
    }
    return status;
  }

 private:
  ::pid_t process_ = 0;
  bool told_ = false;
};

/// Reads both pipes to their ends; what comes from the second is passed on.
void drain(Child& child, Pipe& out, Pipe& err, std::string& output, std::string& errors) {
  std::array<char, 1 << 16> block;
  while (out.read >= 0 || err.read >= 0) {
    ::pollfd watched[2] = {{out.read, POLLIN, 0}, {err.read, POLLIN, 0}};
    if (::poll(watched, 2, kLookEvery) < 0 && errno != EINTR) {
      Pipe::close(out.read);  // its next word ends it, so that it is not waited for in vain
      Pipe::close(err.read);
      return;
    }
    child.passOn();
    for (int i = 0; i < 2; ++i) {
      if (watched[i].fd < 0 || (watched[i].revents & (POLLIN | POLLHUP | POLLERR)) == 0) {
        continue;
      }
      const auto count = ::read(watched[i].fd, block.data(), block.size());
      if (count <= 0) {
        if (count == 0 || errno != EINTR) {
          Pipe::close(i == 0 ? out.read : err.read);
        }
        continue;
      }
      (i == 0 ? output : errors).append(block.data(), std::size_t(count));
      if (i == 1) {
        std::fwrite(block.data(), 1, std::size_t(count), stderr);
        errors.erase(0, errors.size() - std::min(errors.size(), kKeptErrors));
      }
    }
  }
}

/// The sentence at the end; what is said of wrong usage has a hint behind it.
std::string lastLine(const std::string& text) {
  std::string last;
  for (const std::string& line : split(text, '\n')) {
    const auto words = trim(line);
    if (!words.empty() && !words.starts_with("Run with --help")) {
      last = words;
    }
  }
  return last.starts_with("lixp: ") ? last.substr(6) : last;
}

}  // namespace

Result<ChildEnd> runSelf(const std::vector<std::string>& arguments, ChildErrors errors) {
  Pipe out, err;
  LIX_CHECK(out.open());
  if (errors == ChildErrors::Kept) {
    LIX_CHECK(err.open());
  }
  Child child;
  LIX_CHECK(child.start(arguments, out, err));
  Pipe::close(out.write);
  Pipe::close(err.write);
  ChildEnd end;
  std::string said;
  drain(child, out, err, end.out, said);
  const int status = child.wait();
  if (WIFEXITED(status)) {
    end.code = WEXITSTATUS(status);
    end.said = lastLine(said);
  } else {
    end.code = 128 + WTERMSIG(status);
    end.said = cat("ended by signal ", WTERMSIG(status));
  }
  return end;
}

}  // namespace lix::app
