#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace lix::test {

/// Another process, whose standard output is read line by line; killed and collected at the end of its scope.
class Child {
 public:
  /// The program is looked for in PATH.
  explicit Child(const std::vector<std::string>& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  /// Next line without its end; "" at the end of the output.
  std::string line();
  std::string rest();
  void kill();
  /// Collects it; its exit code, or -1 where a signal ended it.
  int wait();

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

/// The helper program with a verb and arguments.
Child helper(const std::vector<std::string>& arguments);

/// A shell line run as root of its own mount namespace, where that is allowed: `$HELPER` is the helper program.
bool mayMount();
std::string inOwnMounts(const std::string& shell);

}  // namespace lix::test
