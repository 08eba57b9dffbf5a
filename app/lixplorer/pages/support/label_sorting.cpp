#include "pages/support/label_sorting.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "pages/support/query_plan.h"

namespace lix::app {

std::vector<std::pair<data::PictureRef, std::string>> labelled(const DatasetShelf& datasets,
                                                               std::span<const data::PictureRef> pictures) {
  std::map<std::string, std::shared_ptr<const OpenDataset>> open;
  std::vector<std::pair<data::PictureRef, std::string>> found;
  for (const data::PictureRef& picture : pictures) {
    if (picture.isFile()) {
      continue;
    }
    if (!open.contains(picture.dataset)) {
      open[picture.dataset] = datasets.open(picture.dataset).value_or(nullptr);
    }
    const auto& dataset = open[picture.dataset];
    if (!dataset || dataset->set.labelSets.empty() || !dataset->byKey.contains(picture.key)) {
      continue;
    }
    const int label = dataset->set.samples[dataset->byKey.at(picture.key)].labels.front();
    if (label >= 0) {
      found.emplace_back(picture, dataset->set.labelSets.front().classes[static_cast<std::size_t>(label)]);
    }
  }
  return found;
}

std::string sharedLabel(const DatasetShelf& datasets, std::span<const data::PictureRef> pictures,
                        const support::SupportSet& set) {
  const auto open = pictures.empty() || pictures.front().isFile() ? nullptr : datasets.peek(pictures.front().dataset);
  if (!open || open->set.labelSets.empty()) {
    return {};
  }
  const std::size_t labelSet = bestLabelSet(open->set, set);
  int shared = -1;
  for (const data::PictureRef& picture : pictures) {
    const auto at = picture.dataset == pictures.front().dataset ? open->byKey.find(picture.key) : open->byKey.end();
    const int label = at == open->byKey.end() ? -1 : open->set.samples[at->second].labels[labelSet];
    if (label < 0 || (shared >= 0 && label != shared)) {
      return {};
    }
    shared = label;
  }
  return open->set.labelSets[labelSet].classes[static_cast<std::size_t>(shared)];
}

SupportDocument namedByLabel(const DatasetShelf& datasets, const SupportDocument& document,
                             const std::vector<std::string>& labels) {
  std::set<std::string> known, taken;
  std::ranges::transform(labels, std::inserter(known, known.end()), foldedName);
  for (const auto& one : document.set.classes) {
    taken.insert(foldedName(one.name));
  }
  SupportDocument result = document;
  for (auto& one : result.set.classes) {
    const std::string label = sharedLabel(datasets, one.pictures, document.set);
    if (!label.empty() && !known.contains(foldedName(one.name)) && taken.insert(foldedName(label)).second) {
      one.name = label;
    }
  }
  return result;
}

Result<SupportDocument> exampleDocument(const DatasetShelf& datasets, const std::string& dataset, std::size_t classes,
                                        std::size_t shots) {
  LIX_TRY(const auto open, datasets.open(dataset));
  std::map<int, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; !open->set.labelSets.empty() && i < open->set.samples.size(); ++i) {
    const data::Sample& sample = open->set.samples[i];
    if (sample.split == data::Split::Train && sample.labels.front() >= 0) {
      groups[sample.labels.front()].push_back(i);
    }
  }
  std::erase_if(groups, [shots](const auto& group) { return group.second.size() < shots; });
  if (groups.size() < classes) {
    return fail(ErrorCode::BadInput, cat("The dataset ", dataset, " has no ", classes, " classes of ", shots,
                                         " training pictures; make the set by hand."));
  }
  const std::vector<std::pair<int, std::vector<std::size_t>>> order(groups.begin(), groups.end());
  SupportDocument document;
  for (std::size_t c = 0; c < classes; ++c) {
    const auto& [label, samples] = order[c * order.size() / classes];
    support::SupportClass one{open->set.labelSets.front().classes[static_cast<std::size_t>(label)], {}};
    for (std::size_t k = 0; k < shots; ++k) {
      one.pictures.push_back(
          data::PictureRef::sample(dataset, open->set.samples[samples[k * samples.size() / shots]].key));
    }
    document.set.classes.push_back(std::move(one));
  }
  return document;
}

}  // namespace lix::app
