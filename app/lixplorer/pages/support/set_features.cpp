#include "pages/support/set_features.h"

#include <algorithm>

#include "pages/support/support_scorer.h"

namespace lix::app {
namespace {

constexpr const char* kTemplates = "plain";  // as scoring asks

}  // namespace

Result<SetFeatures> SupportScorer::features(const study::Reader& reader, const support::SupportSet& set) {
  std::vector<data::PictureRef> missing;
  {
    const std::scoped_lock lock(mutex_);
    begin(reader);
    missing = missingOf(set);
  }
  LIX_TRY(const EmbeddedPictures fresh, embedPictures(reader, datasets_, missing, std::nullopt));
  SetFeatures features;
  features.logitScale = static_cast<float>(reader.facts().rule.scale);
  features.vectors.width = static_cast<std::size_t>(reader.facts().embedWidth);
  for (const auto& one : set.classes) {
    features.names.push_back(one.name);
  }
  if (!features.names.empty()) {
    LIX_TRY(features.text, reader.classTexts(features.names, kTemplates));
  }
  const std::scoped_lock lock(mutex_);
  keep(reader, fresh);
  for (std::size_t c = 0; c < set.classes.size(); ++c) {
    for (const data::PictureRef& picture : set.classes[c].pictures) {
      if (const auto row = rows_.find(picture); row != rows_.end()) {
        features.pictures.push_back(picture);
        features.labels.push_back(static_cast<int>(c));
        features.hashes.push_back(row->second.hash);
        features.vectors.width = row->second.vector.size();
        features.vectors.values.insert(features.vectors.values.end(), row->second.vector.begin(),
                                       row->second.vector.end());
      }
    }
  }
  return features;
}

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
