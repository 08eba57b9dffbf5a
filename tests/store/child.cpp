#include "child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

extern char** environ;

namespace lix::test {

Child::Child(const std::vector<std::string>& command) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) {
    std::abort();
  }
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  if (::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
    pid_ = -1;
  }
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  output_ = pipe[0];
}

Child::~Child() {
  kill();
  wait();
  ::close(output_);
}

std::string Child::line() {
  std::string text;
  for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) {
    text += c;
  }
  return text;
}

std::string Child::rest() {
  std::string text;
  for (char c = 0; ::read(output_, &c, 1) == 1;) {
    text += c;
  }
  return text;
}

void Child::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
  }
}

int Child::wait() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, 0) != pid_) {
    return -1;
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Child helper(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {LIX_STORE_HELPER};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return Child(command);
}

namespace {

std::vector<std::string> mountNamespace() { return {"unshare", ::geteuid() == 0 ? "-m" : "-rm", "sh", "-c"}; }

}  // namespace

bool mayMount() {
  auto command = mountNamespace();
  command.push_back(
      "d=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs \"$d\" 2>&1 && umount \"$d\"; r=$?; rmdir \"$d\"; exit $r");
  return Child(command).wait() == 0;
}

std::string inOwnMounts(const std::string& shell) {
  auto command = mountNamespace();
  command.push_back("HELPER='" LIX_STORE_HELPER "'\n" + shell);
  return Child(command).rest();
}

}  // namespace lix::test
