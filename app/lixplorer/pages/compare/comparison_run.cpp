#include "pages/compare/comparison_run.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "adapt/adapter.h"
#include "base/text.h"
#include "pages/compare/comparison_plan.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {

constexpr const char* kTemplates = "plain";
constexpr std::size_t kMostMixed = 1'000'000;  // pictures x classes that a Llip mixes for their cosines alone

/// Rows of features for samples that were asked for, by sample.
struct Read {
  study::Features queries, support, validation;
};

Result<Read> readAll(const study::Reader& reader, const data::Dataset& dataset, const ComparisonPlan& plan,
                     const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  Read read;
  LIX_TRY(read.queries, reader.embed(dataset, plan.queries, cache, progress));
  if (!plan.support.empty()) {
    LIX_TRY(read.support, reader.embed(dataset, plan.support, cache, progress));
    LIX_TRY(read.validation, reader.embed(dataset, plan.validation, cache, progress));
  }
  return read;
}

std::vector<std::string> namesOf(const data::Dataset& dataset, const ComparisonPlan& plan) {
  std::vector<std::string> names;
  for (const std::size_t c : plan.classes) {
    names.push_back(dataset.labelSets[plan.labelSet].classes[c]);
  }
  return names;
}

std::vector<int> labelsOf(const data::Dataset& dataset, const ComparisonPlan& plan, const study::Features& features) {
  std::vector<int> labels;
  for (const std::size_t sample : features.items) {
    labels.push_back(plan.labelOf(dataset, sample));
  }
  return labels;
}

/// Scores [rows of queries, classes].
Result<std::vector<float>> scoresOf(const study::Reader& reader, const data::Dataset& dataset, const ComparisonPlan& plan,
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
std::map<std::size_t, std::array<std::size_t, 2>> sharedRows(const std::array<Read, 2>& reads, ComparisonPlan& plan) {
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

/// Rows of a matrix, in this order.
std::vector<float> rowsOf(std::span<const float> values, std::size_t width, std::span<const std::size_t> rows) {
  std::vector<float> some;
  some.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    const auto one = values.subspan(row * width, width);
    some.insert(some.end(), one.begin(), one.end());
  }
  return some;
}

/// One model on all queries; rows as in its reading.
struct Measured {
  std::vector<float> scores;                    // [queries, classes]
  std::optional<std::vector<float>> zeroShot;   // the same by class names
  study::Vectors units;
  std::optional<study::ContextSet> raw;         // of the support, else of the queries; none of a Llip
};

Result<Measured> measure(const study::Reader& reader, const data::Dataset& dataset, const ComparisonPlan& plan, const Read& read,
                         const std::string& method) {
  Measured made;
  LIX_TRY(made.scores, scoresOf(reader, dataset, plan, read, method));
  // A Llip mixes every picture for every class.
  const bool costly = reader.facts().mixture && read.queries.size() * plan.classes.size() > kMostMixed;
  if (method == kZeroShot) {
    made.zeroShot = made.scores;
  } else if (!costly) {
    LIX_TRY(made.zeroShot, reader.zeroShot(read.queries, namesOf(dataset, plan), kTemplates));
  }
  made.units = reader.unitVectors(read.queries);
  if (!reader.facts().mixture) {
    made.raw = reader.contextSet(read.support.size() > 0 ? read.support : read.queries);
  }
  return made;
}

using SharedRows = std::array<std::vector<std::size_t>, 2>;

void fillPictures(Comparison& comparison, const data::Dataset& dataset, const ComparisonPlan& plan,
                  const std::vector<std::size_t>& samples, const SharedRows& rows,
                  const std::array<Measured, 2>& measured) {
  std::vector<int> labels;
  for (const std::size_t sample : samples) {
    labels.push_back(plan.labelOf(dataset, sample));
  }
  const std::size_t classes = plan.classes.size();
  std::array<std::vector<int>, 2> said;
  std::array<std::vector<double>, 2> margins;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<float> scores = rowsOf(measured[i].scores, classes, rows[i]);
    said[i] = study::predictions({scores, classes});
    margins[i] = trueMargins(scores, classes, labels);
    if (measured[i].zeroShot) {
      comparison.cosines[i] = study::trueCosines(rowsOf(*measured[i].zeroShot, classes, rows[i]), classes, labels);
    }
  }
  for (std::size_t at = 0; at < samples.size(); ++at) {
    const data::Sample& one = dataset.samples[samples[at]];
    comparison.pictures.push_back({one.key, one.captions.empty() ? one.key : one.captions.front(), labels[at],
                                   said[0][at], said[1][at], margins[0][at], margins[1][at]});
  }
}

void fillVectors(Comparison& comparison, const SharedRows& rows, const std::array<Measured, 2>& measured) {
  const std::size_t count = rows[0].size();
  const std::size_t each = sizeof(float) * std::max<std::size_t>(1, measured[0].units.width + measured[1].units.width);
  const std::size_t kept = std::min(count, std::max<std::size_t>(2, kMostVectorBytes / each));
  for (std::size_t i = 0; i < kept; ++i) {
    comparison.vectors.pictures.push_back(i * count / kept);
  }
  if (kept < count) {
    comparison.notes.push_back(cat("Neighbours, context and spectrum are of ", kept, " of the ", count,
                                   " pictures, evenly spread."));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<std::size_t> some;
    for (const std::size_t at : comparison.vectors.pictures) {
      some.push_back(rows[i][at]);
    }
    const study::Vectors& units = measured[i].units;
    comparison.vectors.of[i] = {units.width, rowsOf(units.values, units.width, some)};
  }
}

study::ContextSet someOf(const study::ContextSet& all, const std::vector<std::size_t>& rows) {
  study::ContextSet some{all.width, rowsOf(all.values, all.width, rows), {}};
  for (const std::size_t row : rows) {
    some.hashes.push_back(all.hashes[row]);
  }
  return some;
}

/// The pictures of the support that both read, or evenly spread ones of the compared.
void fillContext(Comparison& comparison, const data::Dataset& dataset, const ComparisonPlan& plan,
                 const std::vector<std::size_t>& samples, SharedRows rows, const std::array<Read, 2>& reads,
                 const std::array<Measured, 2>& measured) {
  PairContext& context = comparison.context;
  context.support = reads[0].support.size() > 0;
  std::vector<std::size_t> of = samples;
  if (context.support) {
    of.clear();
    rows = {};
    const auto& other = reads[1].support.items;
    for (std::size_t row = 0; row < reads[0].support.size(); ++row) {
      const std::size_t sample = reads[0].support.items[row];
      if (const auto found = std::ranges::find(other, sample); found != other.end()) {
        of.push_back(sample);
        rows[0].push_back(row);
        rows[1].push_back(std::size_t(found - other.begin()));
      }
    }
  }
  const std::size_t kept = std::min(of.size(), kMostContextPictures);
  SharedRows some;
  for (std::size_t i = 0; i < kept; ++i) {
    const std::size_t at = i * of.size() / kept;
    context.keys.push_back(dataset.samples[of[at]].key);
    context.labels.push_back(comparison.classes[std::size_t(plan.labelOf(dataset, of[at]))]);
    some[0].push_back(rows[0][at]);
    some[1].push_back(rows[1][at]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (measured[i].raw) {
      context.sets[i] = someOf(*measured[i].raw, some[i]);
    }
  }
}

}  // namespace

std::optional<std::size_t> PairVectors::rowOf(std::size_t picture) const {
  const auto found = std::ranges::lower_bound(pictures, picture);
  return found == pictures.end() || *found != picture ? std::nullopt
                                                      : std::optional(std::size_t(found - pictures.begin()));
}

adapt::Matrix PairVectors::matrix(std::size_t model) const {
  return {of[model].values, of[model].size(), of[model].width};
}

std::vector<int> Comparison::answers(int ComparedPicture::*of) const {
  std::vector<int> all;
  for (const ComparedPicture& picture : pictures) {
    all.push_back(picture.*of);
  }
  return all;
}

std::size_t Comparison::bytes() const {
  constexpr std::size_t kWords = 96;  // key and name of a picture
  std::size_t floats = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    floats += vectors.of[i].values.size() + (context.sets[i] ? context.sets[i]->values.size() : 0);
  }
  return floats * sizeof(float) + pictures.size() * (sizeof(ComparedPicture) + kWords);
}

Result<Comparison> compare(const study::Reader& a, const study::Reader& b, const data::Dataset& dataset,
                           const ComparisonOrder& order, const std::optional<std::filesystem::path>& cache,
                           const Progress& progress) {
  LIX_TRY(ComparisonPlan plan, planFor(dataset, order));
  std::array<Read, 2> reads;
  std::array<Measured, 2> measured;
  const std::array<const study::Reader*, 2> readers{&a, &b};
  const bool same = !a.facts().weightsHash.empty() && a.facts().weightsHash == b.facts().weightsHash;
  for (std::size_t i = 0; i < 2; ++i) {
    const Progress told = [&, i](std::string_view, long long done, long long total) {
      return report(progress, i == 0 ? "pictures through A" : "pictures through B", done, total);
    };
    LIX_TRY(reads[i], readAll(*readers[i], dataset, plan, cache, told));
    LIX_TRY(measured[i], measure(*readers[i], dataset, plan, reads[i], order.method));
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
  Comparison comparison;
  comparison.order = order;
  comparison.classes = namesOf(dataset, plan);
  comparison.facts = {a.facts(), b.facts()};
  comparison.sameWeights = same;
  comparison.notes = std::move(plan.notes);
  std::vector<std::size_t> samples;
  SharedRows rows;
  for (const auto& [sample, pair] : shared) {
    samples.push_back(sample);
    rows[0].push_back(pair[0]);
    rows[1].push_back(pair[1]);
    comparison.hashes.push_back(reads[0].queries.hashes[pair[0]]);
  }
  fillPictures(comparison, dataset, plan, samples, rows, measured);
  fillVectors(comparison, rows, measured);
  fillContext(comparison, dataset, plan, samples, rows, reads, measured);
  return comparison;
}

}  // namespace lix::app
