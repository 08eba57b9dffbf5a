#pragma once
#include <QCoreApplication>
#include <QMetaObject>
#include <memory>
#include <utility>

#include "desk/guarded.h"
#include "jobs/lane.h"

namespace lix::app {

/// Asks a lane one kind of question and hears the answer on the window's thread. A newer question makes the older one
/// void: it is dropped, or stopped, and its answer is not heard. A member of what asks: when it goes, no answer comes.
/// Used from the window's thread alone.
class Relay {
 public:
  explicit Relay(jobs::Lane& lane) : lane_(&lane) {}
  ~Relay() { drop(); }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// work(std::stop_token) -> T on the lane, then answer(T) here. What `work` captures must be its own copy.
  template <class Work, class Answer>
  void ask(Work work, Answer answer) {
    drop();
    question_ = std::make_shared<Question>();
    question_->ticket = lane_->post([work = std::move(work), answer = std::move(answer), question = question_](std::stop_token stop) mutable {
      auto result = std::make_shared<decltype(work(stop))>(guarded([&] { return work(stop); }));
      QMetaObject::invokeMethod(
          qApp,
          [result, answer = std::move(answer), question]() mutable {
            if (question->wanted) {
              question->wanted = false;
              answer(std::move(*result));
            }
          },
          Qt::QueuedConnection);
    });
  }

  /// The answer of what was asked last is not wanted any more.
  void drop() {
    if (question_) {
      question_->wanted = false;
      question_->ticket.request_stop();
      question_.reset();
    }
  }
  bool busy() const { return question_ && question_->wanted; }

 private:
  struct Question {
    bool wanted = true;  // touched on the window's thread alone
    jobs::Lane::Ticket ticket;
  };
  jobs::Lane* lane_;
  std::shared_ptr<Question> question_;
};

}  // namespace lix::app
