#include "jobs/lane.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/contracts.h"

namespace lix::jobs {

class Lane::State {
 public:
  State(std::string name, Workers workers, Order order) : name_(std::move(name)), workers_(workers), order_(order) {
    if (workers_ == Workers::One) {
      thread_ = std::thread([this] { work(); });
      ::pthread_setname_np(thread_.native_handle(), name_.substr(0, kLongestThreadName).c_str());
    }
  }

  /// Ends the lane; what a task posts from here on is dropped.
  void close() {
    LIX_REQUIRE(thread_.get_id() != std::this_thread::get_id());  // a task cannot wait for its own end
    std::deque<Waiting> dropped;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      dropped.swap(waiting_);
      running_.request_stop();
    }
    for (const Waiting& task : dropped) {
      task.ticket.request_stop();
    }
    dropped.clear();
    wake_.notify_all();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  Ticket post(Task task) {
    Ticket ticket;
    if (workers_ == Workers::Inline) {
      runHere(task, ticket);
      return ticket;
    }
    {
      const std::lock_guard lock(mutex_);
      if (!closed_) {
        waiting_.push_back({std::move(task), ticket});
      } else {
        ticket.request_stop();  // posted by the last task
      }
    }
    wake_.notify_one();
    return ticket;
  }

  std::size_t pending() const {
    const std::lock_guard lock(mutex_);
    const auto wanted = [](const Waiting& task) { return !task.ticket.stop_requested(); };
    return active_ + static_cast<std::size_t>(std::ranges::count_if(waiting_, wanted));
  }

  const std::string& name() const { return name_; }

 private:
  static constexpr std::size_t kLongestThreadName = 15;  // Linux takes no more

  struct Waiting {
    Task task;
    mutable Ticket ticket;
  };

  void count(int by) {
    const std::lock_guard lock(mutex_);
    active_ += static_cast<std::size_t>(by);
  }

  void runHere(Task& task, const Ticket& ticket) {
    count(1);
    task(ticket.get_token());
    task = nullptr;
    count(-1);
  }

  /// The next task, counted as active; nothing when the lane ends.
  std::optional<Waiting> take() {
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (closed_) {
        return std::nullopt;
      }
      Waiting next = std::move(order_ == Order::NewestFirst ? waiting_.back() : waiting_.front());
      order_ == Order::NewestFirst ? waiting_.pop_back() : waiting_.pop_front();
      if (!next.ticket.stop_requested()) {
        running_ = next.ticket;
        ++active_;
        return next;
      }
      lock.unlock();  // what a dropped task holds may be anything, also something that posts when it goes
      next.task = nullptr;
      lock.lock();
    }
  }

  void work() {
    while (auto next = take()) {
      next->task(next->ticket.get_token());
      next->task = nullptr;  // what it holds ends before the task counts as ended
      const std::lock_guard lock(mutex_);
      running_ = Ticket(std::nostopstate);
      --active_;
    }
  }

  const std::string name_;
  const Workers workers_;
  const Order order_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  Ticket running_{std::nostopstate};
  std::size_t active_ = 0;
  bool closed_ = false;
  std::thread thread_;
};

Lane::Lane(std::string name, Workers workers, Order order)
    : state_(std::make_unique<State>(std::move(name), workers, order)) {}
Lane::~Lane() { state_->close(); }

Lane::Ticket Lane::post(Task task) { return state_->post(std::move(task)); }
std::size_t Lane::pending() const { return state_->pending(); }
const std::string& Lane::name() const { return state_->name(); }

}  // namespace lix::jobs
