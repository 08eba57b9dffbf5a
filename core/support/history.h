#pragma once
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace lix::support {

/// How many steps a History keeps: at most `most`, and no more than weigh `mostWeight` together with the value that holds
/// now, but always `least`. Nothing to weigh by: every step weighs 0.
template <class Value>
struct HistoryLimits {
  std::size_t most = 500;
  std::size_t least = 0;
  std::size_t mostWeight = std::numeric_limits<std::size_t>::max();
  std::function<std::size_t(const Value&)> weigh = {};
};

/// Undo by copies of a small value. Each step has a title for menus ("Add 3 pictures to cat").
template <class Value>
class History {
 public:
  explicit History(Value value = {}, std::size_t most = 500)
      : History(std::move(value), HistoryLimits<Value>{.most = most}) {}
  History(Value value, HistoryLimits<Value> limits) : limits_(std::move(limits)) { add({}, std::move(value)); }

  const Value& value() const { return steps_[at_].value; }
  /// A new value; what was undone is forgotten. An equal value changes nothing.
  void push(std::string title, Value value) {
    if (value == steps_[at_].value) {
      return;
    }
    while (steps_.size() > at_ + 1) {
      weight_ -= steps_.back().weight;
      steps_.pop_back();
    }
    add(std::move(title), std::move(value));
    while (steps_.size() > limits_.most + 1 || (steps_.size() > limits_.least + 1 && weight_ > limits_.mostWeight)) {
      weight_ -= steps_.front().weight;
      steps_.erase(steps_.begin());
      isCut_ = true;
    }
    at_ = steps_.size() - 1;
  }
  bool canUndo() const { return at_ > 0; }
  bool canRedo() const { return at_ + 1 < steps_.size(); }
  /// Title of the step that would be undone or redone, "" for none.
  std::string undoTitle() const { return canUndo() ? steps_[at_].title : std::string(); }
  std::string redoTitle() const { return canRedo() ? steps_[at_ + 1].title : std::string(); }
  void undo() { at_ -= canUndo() ? 1 : 0; }
  void redo() { at_ += canRedo() ? 1 : 0; }
  /// The states that can be gone to, the oldest first, and the one that holds now.
  std::size_t size() const { return steps_.size(); }
  std::size_t at() const { return at_; }
  /// Whether steps before the first are gone.
  bool isCut() const { return isCut_; }
  /// What made the state of that place; "" of the one that it began with, which nothing made here.
  const std::string& title(std::size_t place) const { return steps_[place].title; }
  const Value& value(std::size_t place) const { return steps_[place].value; }
  /// Undoes or redoes up to a place; one that is not there changes nothing.
  void goTo(std::size_t place) { at_ = place < steps_.size() ? place : at_; }

 private:
  struct Step {
    std::string title;
    Value value;
    std::size_t weight = 0;
  };
  void add(std::string title, Value value) {
    const std::size_t weight = limits_.weigh ? limits_.weigh(value) : 0;
    weight_ += weight;
    steps_.push_back({std::move(title), std::move(value), weight});
  }

  HistoryLimits<Value> limits_;
  std::vector<Step> steps_;
  std::size_t at_ = 0, weight_ = 0;
  bool isCut_ = false;
};

}  // namespace lix::support
