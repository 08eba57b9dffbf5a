#include "pages/compare/comparison_plan.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "base/random.h"
#include "base/text.h"
#include "shared/datasets.h"
#include "study/few_shot/draw.h"

namespace lix::app {
namespace {

constexpr std::uint64_t kStreamCompare = 0x636f6d70617265;  // "compare"

bool has(const ComparisonPlan& plan, const data::Sample& sample) {
  return std::ranges::binary_search(plan.classes, std::size_t(sample.labels[plan.labelSet]));
}

/// The support of draw 0, from labelled pictures of the train split; classes with too few are left out.
Result<void> drawInto(ComparisonPlan& plan, const data::Dataset& dataset, const ComparisonOrder& order) {
  if (order.split == data::Split::Train && order.only.empty()) {
    return fail(ErrorCode::BadInput,
                "The pictures that an adapter learns from come from the train split; compare on another split.");
  }
  std::vector<std::size_t> pool = samplesOf(dataset, data::Split::Train, plan.labelSet);
  if (!order.only.empty()) {  // they may be of the train split
    const std::unordered_set<std::size_t> asked(plan.queries.begin(), plan.queries.end());
    std::erase_if(pool, [&](std::size_t sample) { return asked.contains(sample); });
  }
  const auto shots = std::size_t(order.shots);
  const std::size_t needed = shots + study::validationShots(shots);
  std::vector<int> labels;
  std::vector<std::size_t> counts(dataset.labelSets[plan.labelSet].classes.size());
  for (const std::size_t sample : pool) {
    labels.push_back(dataset.samples[sample].labels[plan.labelSet]);
    ++counts[std::size_t(labels.back())];
  }
  const std::size_t before = plan.classes.size();
  std::erase_if(plan.classes, [&](std::size_t c) { return counts[c] < needed; });
  if (plan.classes.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("Fewer than two classes of '", dataset.name, "' have ", needed, " train pictures (", order.shots,
                    " shots and ", needed - shots, " to choose settings with); ask for fewer shots, or add pictures."));
  }
  if (plan.classes.size() < before) {
    plan.notes.push_back(cat(before - plan.classes.size(), " of ", before, " classes have fewer than the ", needed,
                             " train pictures that ", order.shots, order.shots == 1 ? " shot needs" : " shots need",
                             " and are left out."));
  }
  const study::Draw draw = study::drawSupport(labels, plan.classes, shots, std::uint64_t(order.seed), 0);
  for (const std::uint32_t row : draw.support) {
    plan.support.push_back(pool[row]);
  }
  for (const std::uint32_t row : draw.validation) {
    plan.validation.push_back(pool[row]);
  }
  return {};
}

/// The labelled pictures that are asked about.
std::vector<std::size_t> queriesOf(const data::Dataset& dataset, const ComparisonOrder& order, std::size_t labelSet) {
  if (order.only.empty()) {
    return samplesOf(dataset, order.split, labelSet);
  }
  const std::unordered_set<std::string> keys(order.only.begin(), order.only.end());
  std::vector<std::size_t> queries;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    if (dataset.samples[i].labels[labelSet] >= 0 && keys.contains(dataset.samples[i].key)) {
      queries.push_back(i);
    }
  }
  return queries;
}

}  // namespace

int ComparisonPlan::labelOf(const data::Dataset& dataset, std::size_t sample) const {
  const auto label = std::size_t(dataset.samples[sample].labels[labelSet]);
  return int(std::ranges::find(classes, label) - classes.begin());
}

Result<ComparisonPlan> planFor(const data::Dataset& dataset, const ComparisonOrder& order) {
  if (dataset.labelSets.empty()) {
    return fail(ErrorCode::BadInput, cat("The pictures of '", dataset.name, "' have no labels, so nobody can tell who ",
                                         "is right; choose a dataset with classes, such as class folders."));
  }
  ComparisonPlan plan;
  LIX_TRY(plan.labelSet, dataset.labelSet(order.labelSet));
  plan.queries = queriesOf(dataset, order, plan.labelSet);
  plan.classes.resize(dataset.labelSets[plan.labelSet].classes.size());
  std::iota(plan.classes.begin(), plan.classes.end(), std::size_t(0));
  if (plan.classes.size() < 2) {
    return fail(ErrorCode::BadInput, cat("The label set '", dataset.labelSets[plan.labelSet].name, "' of '",
                                         dataset.name, "' has one class only; at least two are needed."));
  }
  if (plan.queries.empty() && !order.only.empty()) {
    return fail(ErrorCode::BadInput, cat("None of the chosen pictures of '", dataset.name, "' has a label of the set '",
                                         dataset.labelSets[plan.labelSet].name, "'; choose other pictures or labels."));
  }
  if (plan.queries.empty()) {
    return fail(ErrorCode::BadInput, cat("'", dataset.name, "' has no labelled pictures in its ", nameOf(order.split),
                                         " split; choose another split."));
  }
  if (order.method != kZeroShot) {
    LIX_CHECK(drawInto(plan, dataset, order));
    std::erase_if(plan.queries, [&](std::size_t sample) { return !has(plan, dataset.samples[sample]); });
  }
  const std::size_t most = std::clamp<std::size_t>(order.most, 1, kMostPictures);
  if (plan.queries.size() > most) {
    plan.notes.push_back(cat("A draw of ", most, " of the ", plan.queries.size(), " labelled pictures."));
    const auto shuffled = permutation(plan.queries.size(), Random(std::uint64_t(order.seed), kStreamCompare));
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < most; ++i) {
      drawn.push_back(plan.queries[shuffled[i]]);
    }
    std::ranges::sort(drawn);
    plan.queries = std::move(drawn);
  }
  return plan;
}

}  // namespace lix::app
