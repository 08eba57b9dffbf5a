#pragma once
#include <string>
#include <vector>

#include "study/few_shot/few_shot.h"

namespace lix::study {

/// Which classes have pictures enough for how many shots.
class Reach {
 public:
  Reach(const FewShotData& data, const FewShotSettings& settings);

  /// The classes that a shot count can be measured on; of 0 those that have a query.
  std::vector<std::size_t> classes(std::size_t shots) const;

  /// The shot counts that at least two classes reach, rising; says in `notes` which classes are left out or drawn with
  /// replacement. Fails where no count is left, and names what would do.
  Result<std::vector<FewShotReach>> choose(std::vector<std::string>& notes) const;

 private:
  std::string leftOut(std::size_t shots) const;
  std::string replaced(std::size_t shots) const;
  std::string mostShots() const;

  const FewShotData& data_;
  const FewShotSettings& settings_;
  std::vector<std::size_t> pool_;  ///< pictures of each class
  std::vector<std::size_t> query_;
};

}  // namespace lix::study
