#include "study/canary/canary_plan.h"

#include <algorithm>
#include <functional>

#include "base/random.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kSeed = 0x63616e617279;  // "canary"
enum Stream : std::uint64_t { kPictures = 1, kClasses = 2 };

/// A random order that knows the pictures by their keys, whatever their places in the dataset.
std::vector<std::size_t> drawn(const data::Dataset& dataset, std::vector<std::size_t> samples,
                               const std::string& name) {
  std::ranges::sort(samples, {}, [&](std::size_t i) -> const std::string& { return dataset.samples[i].key; });
  std::vector<std::size_t> out;
  for (const auto at : permutation(samples.size(), Random(kSeed, kPictures, hash64(name)))) {
    out.push_back(samples[at]);
  }
  return out;
}

/// Keeps as many classes as the support may have, by a draw that knows them by their names.
void limitClasses(std::vector<CanaryClass>& classes, std::size_t most) {
  if (classes.size() <= most) {
    return;
  }
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    order.emplace_back(Random(kSeed, kClasses, hash64(classes[i].name)).next(), i);
  }
  std::ranges::sort(order);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < most; ++i) {
    kept.push_back(order[i].second);
  }
  std::ranges::sort(kept);
  std::vector<CanaryClass> out;
  for (const std::size_t i : kept) {
    out.push_back(std::move(classes[i]));
  }
  classes = std::move(out);
}

Result<void> checkSplits(const data::Dataset& dataset, data::Split support) {
  const auto has = [&](data::Split split) {
    return std::ranges::find(dataset.samples, split, &data::Sample::split) != dataset.samples.end();
  };
  if (!has(data::Split::Test)) {
    return fail(ErrorCode::BadInput,
                cat("'", dataset.name, "' has no test pictures to ask a canary about; give some of ",
                    "its pictures the split 'test', or choose another --canary."));
  }
  if (!has(support)) {
    return fail(ErrorCode::BadInput,
                support == data::Split::Validation
                    ? cat("The run trains on '", dataset.name, "' itself, which has no validation pictures for the ",
                          "canary's support; give some of them the split 'validation', or choose another --canary.")
                    : cat("'", dataset.name, "' has no training pictures for a canary's support; choose another ",
                          "--canary."));
  }
  return {};
}

Result<void> checkLabels(const data::Dataset& dataset) {
  if (dataset.labelSets.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", dataset.name, "' has no classes, so nothing to ask a canary about; sort its ",
                    "pictures into class folders, name a label column, or choose another --canary."));
  }
  if (const data::LabelSet& labels = dataset.labelSets.front(); labels.classes.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("The label set '", labels.name, "' of '", dataset.name, "' has fewer than two ",
                    "classes, and a canary tells classes apart; choose another --canary."));
  }
  return {};
}

/// All classes of the first label set with their pictures, in the dataset's order.
std::vector<CanaryClass> classesOf(const data::Dataset& dataset, data::Split support) {
  std::vector<CanaryClass> classes;
  for (const std::string& name : dataset.labelSets.front().classes) {
    classes.push_back({.name = name, .support = {}, .query = {}});
  }
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    const data::Sample& sample = dataset.samples[i];
    if (sample.labels.front() < 0) {
      continue;
    }
    CanaryClass& own = classes[std::size_t(sample.labels.front())];
    if (sample.split == data::Split::Test) {
      own.query.push_back(i);
    } else if (sample.split == support) {
      own.support.push_back(i);
    }
  }
  return classes;
}

/// The most shots that two classes reach.
std::size_t mostShots(const std::vector<CanaryClass>& classes) {
  std::vector<std::size_t> reach{0, 0};
  for (const CanaryClass& own : classes) {
    reach.push_back(own.query.empty() ? 0 : own.support.size());
  }
  std::ranges::sort(reach, std::greater{});
  return reach[1];
}

}  // namespace

CanaryOf canaryOf(const data::Dataset& canary, std::string_view learned) {
  return canary.name == learned ? CanaryOf::TrainingDataset : CanaryOf::OtherDataset;
}

Result<CanaryPlan> planCanary(const data::Dataset& dataset, const CanarySettings& settings, CanaryOf of) {
  LIX_CHECK(checkLabels(dataset));
  CanaryPlan plan{.supportSplit = of == CanaryOf::TrainingDataset ? data::Split::Validation : data::Split::Train};
  LIX_CHECK(checkSplits(dataset, plan.supportSplit));
  const std::vector<CanaryClass> all = classesOf(dataset, plan.supportSplit);
  plan.allClasses = all.size();
  const auto shots = std::size_t(std::max(1, settings.shots));
  for (const CanaryClass& own : all) {
    if (own.support.size() >= shots && !own.query.empty()) {
      plan.classes.push_back({own.name, drawn(dataset, own.support, own.name), drawn(dataset, own.query, own.name)});
    }
  }
  if (plan.classes.size() < 2) {
    const std::size_t most = mostShots(all);
    return fail(ErrorCode::BadInput,
                cat("A canary of ", shots, shots == 1 ? " shot" : " shots", " needs ", shots, " ",
                    plan.supportSplit == data::Split::Train ? "training" : "validation",
                    shots == 1 ? " picture" : " pictures", " and a test picture of at least two classes, and '",
                    dataset.name, "' has them of ", plan.classes.size(), " of its ", plan.allClasses, " classes; ",
                    most > 0 ? cat("give --canary-shots ", most, " at most, or add pictures.")
                             : std::string("add pictures, or choose another --canary.")));
  }
  limitClasses(plan.classes, std::max<std::size_t>(2, settings.mostSupport / shots));
  return plan;
}

}  // namespace lix::study
