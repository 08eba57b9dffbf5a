#include "pages/compare/comparison_run.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_set>

#include "adapt/adapter.h"
#include "base/random.h"
#include "base/text.h"
#include "shared/datasets.h"
#include "study/few_shot/draw.h"
#include "study/metrics/accuracy.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace {

constexpr std::uint64_t kStreamCompare = 0x636f6d70617265;  // "compare"
constexpr const char* kZeroShot = "zero-shot";
constexpr const char* kTemplates = "plain";

/// The samples that are compared, and those that an adapter is fitted on; labels count the chosen classes.
struct Plan {
  std::size_t labelSet = 0;
  std::vector<std::size_t> classes;  ///< of the label set
  std::vector<std::size_t> queries, support, validation;
  std::vector<std::string> notes;

  int labelOf(const data::Dataset& dataset, std::size_t sample) const {
    const auto label = std::size_t(dataset.samples[sample].labels[labelSet]);
    return int(std::ranges::find(classes, label) - classes.begin());
  }
};

bool has(const Plan& plan, const data::Sample& sample) {
  return std::ranges::binary_search(plan.classes, std::size_t(sample.labels[plan.labelSet]));
}

/// The support of draw 0, from labelled pictures of the train split; classes with too few are left out.
Result<void> drawInto(Plan& plan, const data::Dataset& dataset, const ComparisonOrder& order) {
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

Result<Plan> planFor(const data::Dataset& dataset, const ComparisonOrder& order) {
  if (dataset.labelSets.empty()) {
    return fail(ErrorCode::BadInput, cat("The pictures of '", dataset.name, "' have no labels, so nobody can tell who ",
                                         "is right; choose a dataset with classes, such as class folders."));
  }
  Plan plan;
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
  if (plan.queries.size() > kMostQueries) {
    plan.notes.push_back(cat("A draw of ", kMostQueries, " of the ", plan.queries.size(), " labelled pictures."));
    const auto shuffled = permutation(plan.queries.size(), Random(std::uint64_t(order.seed), kStreamCompare));
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < kMostQueries; ++i) {
      drawn.push_back(plan.queries[shuffled[i]]);
    }
    std::ranges::sort(drawn);
    plan.queries = std::move(drawn);
  }
  return plan;
}

/// Rows of features for samples that were asked for, by sample.
struct Read {
  study::Features queries, support, validation;
};

Result<Read> readAll(const study::Reader& reader, const data::Dataset& dataset, const Plan& plan,
                     const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  Read read;
  LIX_TRY(read.queries, reader.embed(dataset, plan.queries, cache, progress));
  if (!plan.support.empty()) {
    LIX_TRY(read.support, reader.embed(dataset, plan.support, cache, progress));
    LIX_TRY(read.validation, reader.embed(dataset, plan.validation, cache, progress));
  }
  return read;
}

std::vector<std::string> namesOf(const data::Dataset& dataset, const Plan& plan) {
  std::vector<std::string> names;
  for (const std::size_t c : plan.classes) {
    names.push_back(dataset.labelSets[plan.labelSet].classes[c]);
  }
  return names;
}

std::vector<int> labelsOf(const data::Dataset& dataset, const Plan& plan, const study::Features& features) {
  std::vector<int> labels;
  for (const std::size_t sample : features.items) {
    labels.push_back(plan.labelOf(dataset, sample));
  }
  return labels;
}

/// Scores [rows of queries, classes].
Result<std::vector<float>> scoresOf(const study::Reader& reader, const data::Dataset& dataset, const Plan& plan,
                                    const Read& read, const std::string& method) {
  const std::vector<std::string> names = namesOf(dataset, plan);
  if (method == kZeroShot) {
    return reader.zeroShot(read.queries, names, kTemplates);
  }
  LIX_TRY(const adapt::Adapter* adapter, adapt::find(method));
  LIX_TRY(const study::Vectors text, reader.classTexts(names, kTemplates));
  const study::Vectors support = reader.unitVectors(read.support), validation = reader.unitVectors(read.validation),
                       queries = reader.unitVectors(read.queries);
  const auto supportLabels = labelsOf(dataset, plan, read.support);
  const auto validationLabels = labelsOf(dataset, plan, read.validation);
  const auto matrix = [](const study::Vectors& v) { return adapt::Matrix{v.values, v.size(), v.width}; };
  const adapt::Task task{.support = {matrix(support), supportLabels},
                         .validation = {matrix(validation), validationLabels},
                         .text = matrix(text),
                         .classes = names.size(),
                         .logitScale = float(reader.facts().rule.scale)};
  LIX_TRY(const auto classifier, adapter->fit(task, {}));
  return classifier->logits(matrix(queries));
}

/// Samples that both read and that are not in the support; each with its rows in either reading.
std::map<std::size_t, std::array<std::size_t, 2>> sharedRows(const std::array<Read, 2>& reads, Plan& plan) {
  std::unordered_set<std::uint64_t> supported(reads[0].support.hashes.begin(), reads[0].support.hashes.end());
  supported.insert(reads[0].validation.hashes.begin(), reads[0].validation.hashes.end());
  std::map<std::size_t, std::size_t> rowsOfB;
  for (std::size_t row = 0; row < reads[1].queries.size(); ++row) {
    rowsOfB.emplace(reads[1].queries.items[row], row);
  }
  std::map<std::size_t, std::array<std::size_t, 2>> rows;
  std::size_t repeated = 0;
  for (std::size_t row = 0; row < reads[0].queries.size(); ++row) {
    const auto other = rowsOfB.find(reads[0].queries.items[row]);
    if (supported.contains(reads[0].queries.hashes[row])) {
      ++repeated;
    } else if (other != rowsOfB.end()) {
      rows[other->first] = {row, other->second};
    }
  }
  if (repeated > 0) {
    plan.notes.push_back(cat(repeated, repeated == 1 ? " picture stands" : " pictures stand",
                             " in the support as well and ", repeated == 1 ? "is" : "are", " left out."));
  }
  if (const std::size_t unread = plan.queries.size() - repeated - rows.size(); unread > 0) {
    const auto& skipped = reads[0].queries.skipped;
    plan.notes.push_back(cat(unread, unread == 1 ? " picture" : " pictures", " could not be read and ",
                             unread == 1 ? "is" : "are", " left out",
                             skipped.empty() ? "." : cat(", the first, ", skipped[0].key, ": ", skipped[0].reason)));
  }
  return rows;
}

/// One model's scores of the shared pictures alone, with what it says and how surely.
struct Answers {
  std::vector<int> said;
  std::vector<double> margins;
};

Answers answersOf(const std::vector<float>& scores, std::size_t classes, const std::vector<std::size_t>& rows,
                  const std::vector<int>& labels) {
  std::vector<float> some;
  for (const std::size_t row : rows) {
    const auto begin = scores.begin() + std::ptrdiff_t(row * classes);
    some.insert(some.end(), begin, begin + std::ptrdiff_t(classes));
  }
  return {study::predictions({some, classes}), trueMargins(some, classes, labels)};
}

void fill(Comparison& comparison, const data::Dataset& dataset, const Plan& plan,
          const std::map<std::size_t, std::array<std::size_t, 2>>& shared,
          const std::array<std::vector<float>, 2>& scores) {
  std::vector<int> labels;
  std::array<std::vector<std::size_t>, 2> rows;
  for (const auto& [sample, pair] : shared) {
    labels.push_back(plan.labelOf(dataset, sample));
    rows[0].push_back(pair[0]);
    rows[1].push_back(pair[1]);
  }
  const Answers a = answersOf(scores[0], plan.classes.size(), rows[0], labels);
  const Answers b = answersOf(scores[1], plan.classes.size(), rows[1], labels);
  std::size_t i = 0;
  for (const auto& [sample, pair] : shared) {
    const data::Sample& one = dataset.samples[sample];
    comparison.pictures.push_back({one.key, one.captions.empty() ? one.key : one.captions.front(), labels[i],
                                   a.said[i], b.said[i], a.margins[i], b.margins[i]});
    ++i;
  }
}

}  // namespace

Result<Comparison> compare(const study::Reader& a, const study::Reader& b, const data::Dataset& dataset,
                           const ComparisonOrder& order, const std::optional<std::filesystem::path>& cache,
                           const Progress& progress) {
  LIX_TRY(Plan plan, planFor(dataset, order));
  std::array<Read, 2> reads;
  std::array<std::vector<float>, 2> scores;
  const std::array<const study::Reader*, 2> readers{&a, &b};
  const bool same = !a.facts().weightsHash.empty() && a.facts().weightsHash == b.facts().weightsHash;
  for (std::size_t i = 0; i < 2; ++i) {
    const Progress told = [&, i](std::string_view, long long done, long long total) {
      return report(progress, i == 0 ? "pictures through A" : "pictures through B", done, total);
    };
    LIX_TRY(reads[i], readAll(*readers[i], dataset, plan, cache, told));
    LIX_TRY(scores[i], scoresOf(*readers[i], dataset, plan, reads[i], order.method));
    if (!report(progress, "comparing", long(i) + 1, 2)) {
      return fail(ErrorCode::Cancelled, "The comparison was cancelled.");
    }
    if (readers[i]->facts().mixture && order.method != kZeroShot) {
      plan.notes.push_back(cat(i == 0 ? "A" : "B", " is a Llip: its adapter sees the uniform mixture of its tokens."));
    }
  }
  const auto shared = sharedRows(reads, plan);
  if (shared.empty()) {
    return fail(ErrorCode::BadInput,
                cat("None of the pictures of '", dataset.name, "' could be compared. ", join(plan.notes, " ")));
  }
  Comparison comparison{.order = order,
                        .classes = namesOf(dataset, plan),
                        .weights = {a.facts().weightsHash, b.facts().weightsHash},
                        .sameWeights = same};
  fill(comparison, dataset, plan, shared, scores);
  comparison.notes = std::move(plan.notes);
  return comparison;
}

}  // namespace lix::app
