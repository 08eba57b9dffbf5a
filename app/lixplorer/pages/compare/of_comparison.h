#pragma once
#include <memory>
#include <stop_token>
#include <utility>

#include "desk/relay.h"
#include "pages/compare/comparison_run.h"

namespace lix::app {

/// What a panel makes of each comparison on a lane, once; a comparison that is gone takes it along.
template <class Made>
class OfComparison {
 public:
  explicit OfComparison(jobs::Lane& lane) : relay_(lane) {}

  /// make(const Comparison&, std::stop_token) -> Made on the lane, then changed() here; for null changed() at once.
  /// Nothing for a comparison that is shown or on its way.
  template <class Make, class Changed>
  void look(const std::shared_ptr<const Comparison>& comparison, Make make, Changed changed) {
    if (comparison == asked_ && (comparison != nullptr || made_ == nullptr)) {
      return;
    }
    asked_ = comparison;
    if (comparison == nullptr) {
      relay_.drop();
      shown_ = nullptr;
      made_ = nullptr;
      changed();
      return;
    }
    relay_.ask([comparison, make = std::move(make)](
                   std::stop_token stop) { return std::make_shared<const Made>(make(*comparison, stop)); },
               [this, comparison, changed = std::move(changed)](std::shared_ptr<const Made> made) {
                 shown_ = comparison;
                 made_ = std::move(made);
                 changed();
               });
  }
  /// As if it had not been asked for, where it is not made yet.
  void rest() {
    if (relay_.busy()) {
      relay_.drop();
      asked_ = shown_;
    }
  }
  /// It is made anew at the next look.
  void forget() {
    relay_.drop();
    asked_ = nullptr;
    shown_ = nullptr;
    made_ = nullptr;
  }

  /// Null: not made yet.
  const Made* made() const { return made_.get(); }
  const std::shared_ptr<const Comparison>& comparison() const { return shown_; }
  bool busy() const { return relay_.busy(); }

 private:
  Relay relay_;
  std::shared_ptr<const Comparison> asked_, shown_;
  std::shared_ptr<const Made> made_;
};

}  // namespace lix::app
