#include "lixp/session.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>

#include "base/text.h"

namespace lix::app {
namespace {

std::atomic<bool> askedToStop{false};

void onSignal(int) { askedToStop = true; }

}  // namespace

void catchInterrupts() {
  struct sigaction action{};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESETHAND;  // a second Ctrl-C ends the program at once
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return askedToStop; }

Progress Session::progress() const {
  using Clock = std::chrono::steady_clock;
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  struct State {
    Clock::time_point begin = Clock::now(), last;
    std::string what;
  };
  return [terminal, state = std::make_shared<State>()](std::string_view what, long long done, long long total) {
    const auto now = Clock::now();
    const std::string_view job = what.substr(0, what.find("  "));  // behind two blanks stand numbers that change
    if (job != state->what) {
      state->begin = now;
      state->what = job;
    } else if (done < total &&
               now - state->last < (terminal ? std::chrono::milliseconds(100) : std::chrono::seconds(5))) {
      return !interrupted();
    }
    state->last = now;
    const double seconds = std::chrono::duration<double>(now - state->begin).count();
    const double left =
        done > 0 && total > done ? seconds * static_cast<double>(total - done) / static_cast<double>(done) : 0.0;
    std::string line = cat(what, " ", done);
    if (total > 0) {
      line += cat(" of ", total);
    }
    if (left >= 1.0) {
      line += cat(", ", fixed(left, 0), " s left");
    }
    std::fprintf(stderr, terminal ? "\r\033[K%s%s" : "%s%s\n", line.c_str(), terminal && done >= total ? "\n" : "");
    return !interrupted();
  };
}

void Session::note(const std::string& sentence) const { std::fprintf(stderr, "%s\n", sentence.c_str()); }

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace lix::app
