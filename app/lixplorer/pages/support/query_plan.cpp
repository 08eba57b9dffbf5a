#include "pages/support/query_plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::app {
namespace {

std::set<std::string> namesOf(const support::SupportSet& set) {
  std::set<std::string> names;
  for (const auto& one : set.classes) {
    names.insert(foldedName(one.name));
  }
  return names;
}

std::size_t matches(const data::LabelSet& labels, const std::set<std::string>& names) {
  std::set<std::string> found;
  for (const std::string& name : labels.classes) {
    if (names.contains(foldedName(name))) {
      found.insert(foldedName(name));
    }
  }
  return found.size();
}

/// Samples of the split by class, of classes that the set has.
std::map<int, std::vector<std::size_t>> byClass(const data::Dataset& set, std::size_t labelSet, data::Split split,
                                                const std::set<std::string>& names) {
  std::map<int, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const int label = set.samples[i].labels[labelSet];
    if (set.samples[i].split == split && label >= 0 &&
        names.contains(foldedName(set.labelSets[labelSet].classes[static_cast<std::size_t>(label)]))) {
      groups[label].push_back(i);
    }
  }
  return groups;
}

/// How many pictures each class gives, so that `most` in all are spread as evenly as their sizes allow.
std::map<int, std::size_t> shares(const std::map<int, std::vector<std::size_t>>& groups, std::size_t most) {
  std::map<int, std::size_t> share;
  for (bool given = true; given && most > 0;) {
    given = false;
    for (const auto& [label, samples] : groups) {
      if (most > 0 && share[label] < samples.size()) {
        ++share[label];
        --most;
        given = true;
      }
    }
  }
  return share;
}

}  // namespace

std::string foldedName(const std::string& name) { return data::lowered(data::spoken(std::string(trim(name)))); }

std::size_t bestLabelSet(const data::Dataset& dataset, const support::SupportSet& set) {
  const std::set<std::string> names = namesOf(set);
  std::size_t best = 0;
  for (std::size_t i = 1; i < dataset.labelSets.size(); ++i) {
    if (matches(dataset.labelSets[i], names) > matches(dataset.labelSets[best], names)) {
      best = i;
    }
  }
  return best;
}

std::string mainDataset(const support::SupportSet& set) {
  std::map<std::string, std::size_t> counts;
  for (const auto& one : set.classes) {
    for (const auto& picture : one.pictures) {
      if (!picture.isFile()) {
        ++counts[picture.dataset];
      }
    }
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  return most == counts.end() ? std::string() : most->first;
}

Result<QueryPlan> planQueries(const DatasetShelf& datasets, const support::SupportSet& set, const QueryChoice& choice) {
  QueryPlan plan{.dataset = choice.dataset.empty() ? mainDataset(set) : choice.dataset, .split = choice.split};
  plan.classes = set.classes.size();
  if (plan.dataset.empty()) {
    return plan;
  }
  LIX_TRY(const auto open, datasets.open(plan.dataset));
  for (const data::LabelSet& one : open->set.labelSets) {
    plan.labelSets.push_back(one.name);
  }
  if (plan.labelSets.empty()) {
    return plan;
  }
  const std::set<std::string> names = namesOf(set);
  // A label set that was chosen for another dataset is no reason to fail.
  const auto wanted = choice.labelSet.empty() ? Result<std::size_t>(bestLabelSet(open->set, set))
                                              : open->set.labelSet(choice.labelSet);
  const std::size_t labelSet = wanted.value_or(bestLabelSet(open->set, set));
  plan.labelSet = plan.labelSets[labelSet];
  plan.labels = open->set.labelSets[labelSet].classes;
  plan.matched = matches(open->set.labelSets[labelSet], names);
  const auto groups = byClass(open->set, labelSet, plan.split, names);
  const auto share = shares(groups, std::min(choice.most, kQueryLimit));
  for (const auto& [label, samples] : groups) {
    plan.available += samples.size();
    const std::size_t count = share.contains(label) ? share.at(label) : 0;
    for (std::size_t k = 0; k < count; ++k) {
      const data::Sample& sample = open->set.samples[samples[k * samples.size() / count]];
      plan.pictures.push_back(data::PictureRef::sample(plan.dataset, sample.key));
      plan.classNames.push_back(open->set.labelSets[labelSet].classes[static_cast<std::size_t>(label)]);
    }
  }
  return plan;
}

Result<QueryPictures> embedQueries(const study::Reader& reader, const DatasetShelf& datasets, const QueryPlan& plan,
                                   const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  QueryPictures queries{.plan = plan, .weightsHash = reader.facts().weightsHash};
  LIX_TRY(queries.embedded, embedPictures(reader, datasets, plan.pictures, cache, progress));
  std::map<data::PictureRef, std::string> classes;
  for (std::size_t i = 0; i < plan.pictures.size(); ++i) {
    classes.emplace(plan.pictures[i], plan.classNames[i]);
  }
  for (const data::PictureRef& picture : queries.embedded.pictures) {
    queries.classNames.push_back(classes.at(picture));
  }
  return queries;
}

}  // namespace lix::app
