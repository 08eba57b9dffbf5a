#include "study/train/skip_report.h"

#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::size_t kMostNamed = 5;

/// "3 of its 16 pictures (a, b, c)" with at most five names; without names where all of them are meant.
template <class Name>
std::string counted(const std::vector<std::int64_t>& rows, std::size_t all, const char* kind, Name name) {
  if (rows.size() == all) {
    return cat("all ", all, " ", kind);
  }
  std::vector<std::string> names;
  for (const std::int64_t row : rows) {
    if (names.size() == kMostNamed) {
      names.push_back(cat("and ", rows.size() - kMostNamed, " more"));
      break;
    }
    names.push_back(name(static_cast<std::size_t>(row)));
  }
  return cat(rows.size(), " of its ", all, " ", kind, " (", join(names, ", "), ")");
}

std::string featuresCause(const BatchLoss& loss, const std::vector<BatchItem>& items, const TrainData& data) {
  const auto& samples = data.pack.samples();
  std::vector<std::string> parts;
  if (!loss.badPictures.empty()) {
    parts.push_back(counted(loss.badPictures, items.size(), "pictures",
                            [&](std::size_t row) { return cat("'", samples[items[row].sample].key, "'"); }));
  }
  if (!loss.badCaptions.empty()) {
    parts.push_back(counted(loss.badCaptions, items.size(), "captions", [&](std::size_t row) {
      const BatchItem& item = items[row];
      return cat("caption ", item.caption + 1, " of '", samples[item.sample].key, "': \"",
                 samples[item.sample].captions[item.caption], "\"");
    }));
  }
  return cat("the features of ", join(parts, " and "), " are not finite");
}

}  // namespace

std::string causeOf(const BatchLoss& loss, const std::vector<BatchItem>& items, const TrainData& data) {
  if (loss.broken == Finite::Features) {
    return featuresCause(loss, items, data);
  }
  std::vector<std::string> scalars;
  for (const auto& [name, value] : loss.series) {
    if (name.starts_with("scale") || name.starts_with("bias") || name.starts_with("tau")) {
      scalars.push_back(cat(name, " ", value));
    }
  }
  return cat("all features are finite, but the ", loss.broken == Finite::Loss ? "loss" : "gradient", " overflowed (",
             join(scalars, ", "), ")");
}

}  // namespace lix::study
