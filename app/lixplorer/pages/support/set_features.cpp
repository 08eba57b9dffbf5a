#include "pages/support/set_features.h"

#include <algorithm>

namespace lix::app {
FilledClasses filledClasses(const SetFeatures& set) {
  FilledClasses result;
  std::vector<int> places(set.names.size(), -1);
  for (std::size_t c = 0; c < set.names.size(); ++c) {
    if (std::ranges::find(set.labels, static_cast<int>(c)) != set.labels.end()) {
      places[c] = static_cast<int>(result.kept.size());
      result.kept.push_back(c);
      const auto row = set.text.values.begin() + static_cast<std::ptrdiff_t>(c * set.text.width);
      result.text.insert(result.text.end(), row, row + static_cast<std::ptrdiff_t>(set.text.width));
    }
  }
  for (const int label : set.labels) {
    result.labels.push_back(places[static_cast<std::size_t>(label)]);
  }
  return result;
}

}  // namespace lix::app
