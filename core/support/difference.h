#pragma once
#include <string>
#include <utility>
#include <vector>

#include "support/support_set.h"

namespace lix::support {

/// What became of a picture between two states of a set; empty class names where it was in none.
struct PictureChange {
  data::PictureRef picture;
  std::string from, to;  ///< names of the classes in the older and in the newer state
};

/// What differs between two states of a support set.
struct SetDifference {
  std::vector<std::string> added, removed;                    ///< classes, in the order of their set
  std::vector<std::pair<std::string, std::string>> renamed;   ///< old and new name
  std::vector<PictureChange> entered, left, moved;            ///< in the order of the newer set (left: of the older)
  bool isEmpty() const {
    return added.empty() && removed.empty() && renamed.empty() && entered.empty() && left.empty() && moved.empty();
  }
};

/// A class counts as renamed where its old name is gone, its new one is new, and more than half of the pictures of each
/// stand in the other; its pictures have not moved then. What was asked for by name alone (the order) is no difference.
SetDifference difference(const SupportSet& before, const SupportSet& after);

}  // namespace lix::support
