#pragma once
#include <QString>
#include <optional>
#include <vector>

namespace lix::widgets {

/// Where typed letters were found in a text, in order, and how well.
struct FuzzyMatch {
  int score = 0;        ///< greater is better
  std::vector<int> at;  ///< positions in the text, rising, one a typed letter
};

/// The best way to find the letters of `typed` (without spaces, any case) one after the other in `text`: starts of
/// words and neighbouring letters count, gaps cost. Nothing where a letter is missing. O(typed * text).
std::optional<FuzzyMatch> fuzzyMatch(const QString& typed, const QString& text);

}  // namespace lix::widgets
