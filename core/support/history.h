#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace lix::support {

/// Undo by copies of a small value. Each step has a title for menus ("Add 3 pictures to cat").
template <class Value>
class History {
 public:
  explicit History(Value value = {}, std::size_t most = 500) : most_(most) { steps_.push_back({{}, std::move(value)}); }

  const Value& value() const { return steps_[at_].value; }
  /// A new value; what was undone is forgotten. An equal value changes nothing.
  void push(std::string title, Value value) {
    if (value == steps_[at_].value) {
      return;
    }
    steps_.resize(at_ + 1);
    steps_.push_back({std::move(title), std::move(value)});
    if (steps_.size() > most_ + 1) {
      steps_.erase(steps_.begin());
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
  /// What made the state of that place; "" of the first, which nothing made here.
  const std::string& title(std::size_t place) const { return steps_[place].title; }
  const Value& value(std::size_t place) const { return steps_[place].value; }
  /// Undoes or redoes up to a place; one that is not there changes nothing.
  void goTo(std::size_t place) { at_ = place < steps_.size() ? place : at_; }

 private:
  struct Step {
    std::string title;
    Value value;
  };
  std::vector<Step> steps_;
  std::size_t at_ = 0;
  std::size_t most_;
};

}  // namespace lix::support
