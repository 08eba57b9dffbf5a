#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace lix::jobs {

enum class Workers { One, Inline };
enum class Order { OldestFirst, NewestFirst };

/// Runs tasks one after the other on a thread of its own; with Workers::Inline at once inside post(), so that tests
/// need no threads. Tasks must not throw. post() and the tickets may be used from any thread.
class Lane {
 public:
  using Task = std::function<void(std::stop_token)>;
  /// Asked to stop before its task began, the task is dropped; while it runs, its token says so.
  using Ticket = std::stop_source;

  explicit Lane(std::string name, Workers workers = Workers::One, Order order = Order::OldestFirst);
  /// Drops what waits, asks the running task to stop and waits for it.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Ticket post(Task task);
  /// Tasks that were posted and have neither ended nor been dropped.
  std::size_t pending() const;
  const std::string& name() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace lix::jobs
