#include "data/formats/class_names.h"

#include <algorithm>

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::data {

namespace fs = std::filesystem;

Result<std::vector<std::string>> readNames(const fs::path& file) {
  constexpr std::uintmax_t kLongest = 64 << 20;
  LIX_TRY(const std::string text, readFile(file, kLongest));
  std::vector<std::string> names = split(text, '\n');
  while (!names.empty() && trim(names.back()).empty()) {
    names.pop_back();
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = std::string(trim(names[i]));
    if (names[i].empty() || !isUtf8(names[i])) {
      return fail(ErrorCode::BadInput, cat("Line ", i + 1, " of the class names in '", file.string(),
                                           "' is empty or not UTF-8; write one name a line."));
    }
  }
  return names;
}

Result<std::vector<std::string>> NumberedClasses::namesFor(int count) const {
  std::vector<fs::path> files{file_};
  if (file_.empty()) {
    files = {folder_ / "classnames.txt", folder_ / "classes.txt"};
  }
  std::error_code ignored;
  for (const fs::path& file : files) {
    if (!file_.empty() || fs::is_regular_file(file, ignored)) {
      LIX_TRY(std::vector<std::string> names, readNames(file));
      if (int(names.size()) < count) {
        return fail(ErrorCode::BadInput,
                    cat("'", file.string(), "' names ", names.size(), " classes, and there are labels up to ",
                        count - 1, "; one name a class in label order is needed."));
      }
      return names;
    }
  }
  if (count <= int(usual_.size())) {
    return usual_;
  }
  std::vector<std::string> numbers;
  for (int i = 0; i < count; ++i) {
    numbers.push_back(std::to_string(i));
  }
  return numbers;
}

Result<void> NumberedClasses::apply(const std::string& name, std::span<const int> labels, bool caption,
                                    Dataset& dataset) const {
  LIX_REQUIRE(labels.size() == dataset.samples.size());
  const int highest = labels.empty() ? -1 : std::ranges::max(labels);
  if (highest < 0) {
    return {};
  }
  LIX_REQUIRE(highest <= kMostClasses);
  LIX_TRY(std::vector<std::string> names, namesFor(highest + 1));
  std::ranges::transform(names, names.begin(), [](std::string& one) { return spoken(std::move(one)); });
  for (std::size_t i = 0; i < labels.size(); ++i) {
    Sample& sample = dataset.samples[i];
    sample.labels.push_back(labels[i]);
    if (caption && labels[i] >= 0 && sample.captions.empty()) {
      sample.captions.push_back(names[std::size_t(labels[i])]);
    }
  }
  dataset.labelSets.push_back({name, std::move(names)});
  return {};
}

}  // namespace lix::data
