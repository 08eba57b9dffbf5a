#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace lix::data {

/// Class numbers above this are taken for damage.
inline constexpr int kMostClasses = 1'000'000;

/// The lines of a file of names, one a class, without empty ones at the end; fails where a name is empty or no UTF-8.
Result<std::vector<std::string>> readNames(const std::filesystem::path& file);

/// Turns class numbers into a label set. Names come from classnames.txt or classes.txt in the folder, else the usual
/// ones that were given, else they are the numbers themselves.
class NumberedClasses {
 public:
  explicit NumberedClasses(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void usual(std::vector<std::string> names) { usual_ = std::move(names); }
  /// Takes the names from that file instead, which must be there.
  void from(std::filesystem::path file) { file_ = std::move(file); }
  /// Adds the label set `name`, `labels[i]` to sample i (-1 = none), and the class's name as its caption where it is
  /// asked for and the sample has none. Labels from -1 to kMostClasses. Nothing is added where every label is -1. A
  /// number without a name is an error.
  Result<void> apply(const std::string& name, std::span<const int> labels, bool caption, Dataset& dataset) const;

 private:
  Result<std::vector<std::string>> namesFor(int count) const;
  std::filesystem::path folder_, file_;
  std::vector<std::string> usual_;
};

}  // namespace lix::data
