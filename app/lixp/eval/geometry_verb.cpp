#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "lixp/eval/captioned.h"
#include "lixp/eval/probe.h"
#include "lixp/eval/run.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/vector_kind.h"
#include "lixp/eval/verbs.h"
#include "nn/ops/unit.h"
#include "study/probes/geometry.h"
#include "study/probes/neighbours.h"
#include "study/probes/similarity.h"

namespace lix::app {
namespace {
using nlohmann::json;
using study::VectorsFrom;

/// Unit vectors that own their numbers.
struct Vectors {
  std::vector<float> values;
  std::size_t rows = 0, columns = 0;

  adapt::Matrix view() const { return {values, rows, columns}; }
  void add(const at::Tensor& block) {
    const auto fresh = valuesOf(block);
    values.insert(values.end(), fresh.begin(), fresh.end());
    rows += std::size_t(block.size(0));
    columns = std::size_t(block.size(1));
  }
  Vectors chosen(const std::vector<std::size_t>& which) const {
    Vectors made{{}, which.size(), columns};
    for (const std::size_t i : which) {
      const auto row = view().row(i);
      made.values.insert(made.values.end(), row.begin(), row.end());
    }
    return made;
  }
};

/// One model's pictures as vectors, with which of them have captions and labels.
struct Placed {
  Probe probe;
  std::vector<std::size_t> samples;
  Vectors images;
  std::vector<std::size_t> captioned, labelled;  ///< rows
  std::optional<std::size_t> labelSet;
  std::vector<ProbeNumber> numbers;

  const data::Sample& sample(std::size_t row) const { return probe.dataset.samples[samples[row]]; }
};

Result<Placed> place(const Session& session, const store::Workspace& workspace, const GeometryOrder& order,
                     std::size_t which) {
  Placed placed;
  LIX_TRY(placed.probe, openProbe(workspace, order, which, "geometry"));
  Probe& probe = placed.probe;
  if (!probe.dataset.labelSets.empty() || !order.labels.empty()) {
    LIX_TRY(placed.labelSet, probe.dataset.labelSet(order.labels));
    probe.row.labelSet = probe.dataset.labelSets[*placed.labelSet].name;
    probe.row.classes = static_cast<int>(probe.dataset.labelSets[*placed.labelSet].classes.size());
  }
  const auto keep = [&](const at::Tensor& rows) -> Result<void> {
    placed.images.add(rows);
    return {};
  };
  LIX_TRY(const study::Visited visited,
          study::visitVectors(probe.evaluator, probe.dataset, probe.samples, VectorsFrom::Pooled,
                              featureCacheOf(workspace), session.progress(), keep));
  noteUnread(visited.skipped, probe.notes);
  placed.samples = visited.samples;
  for (std::size_t row = 0; row < placed.samples.size(); ++row) {
    if (!placed.sample(row).captions.empty()) {
      placed.captioned.push_back(row);
    }
    if (placed.labelSet && placed.sample(row).labels[*placed.labelSet] >= 0) {
      placed.labelled.push_back(row);
    }
  }
  probe.row.querySize = static_cast<long long>(placed.samples.size());
  probe.row.vectors = vectorKindOf(probe.evaluator);
  return placed;
}

/// Of a Llip also the alignment of captions with the pictures that they mixed themselves, which is what it was trained
/// for.
Result<json> mixedAlignment(const Session& session, const store::Workspace& workspace, const Placed& placed,
                            const std::vector<std::size_t>& samples, adapt::Matrix captions) {
  if (!placed.probe.evaluator.isMixture()) {
    return json::object();
  }
  Vectors mixed;
  const auto keep = [&](const at::Tensor& rows) -> Result<void> {
    mixed.add(rows);
    return {};
  };
  LIX_CHECK(study::visitVectors(placed.probe.evaluator, placed.probe.dataset, samples, VectorsFrom::Mixed,
                                featureCacheOf(workspace), session.progress(), keep));
  LIX_TRY(const double value, study::alignment(mixed.view(), captions));
  return json{{"alignment_mixed", value}};
}

/// Numbers of pictures with their first captions.
Result<void> addPairs(const Session& session, const store::Workspace& workspace, Placed& placed) {
  if (placed.captioned.empty()) {
    placed.probe.notes.push_back(
        "No picture has a caption, so that there is no alignment, no modality gap and no "
        "uniformity of captions.");
    return {};
  }
  std::vector<std::string> texts;
  std::vector<std::size_t> samples;
  for (const std::size_t row : placed.captioned) {
    texts.push_back(placed.sample(row).captions.front());
    samples.push_back(placed.samples[row]);
  }
  Vectors captions;
  LIX_TRY(const nn::TextFeatures encoded, captionsThrough(session, placed.probe.evaluator, texts));
  captions.add(nn::unit(encoded.embeds).contiguous());
  const Vectors images = placed.images.chosen(placed.captioned);
  LIX_TRY(const double alignment, study::alignment(images.view(), captions.view()));
  LIX_TRY(const json mixed, mixedAlignment(session, workspace, placed, samples, captions.view()));
  LIX_TRY(const double gap, study::modalityGap(images.view(), captions.view()));
  placed.numbers.push_back({"alignment", alignment, mixed});
  placed.numbers.push_back({"modality_gap", gap});
  if (captions.rows > 1) {
    LIX_TRY(const double uniform, study::uniformity(captions.view()));
    placed.numbers.push_back({"uniformity_captions", uniform});
  }
  return {};
}

/// Numbers of pictures with labels.
Result<void> addClasses(Placed& placed, const GeometryOrder& order) {
  if (placed.labelled.size() < 2) {
    placed.probe.notes.push_back(
        "Fewer than two pictures have a label, so that there are no similarities within and "
        "between classes and no purity.");
    return {};
  }
  const Vectors images = placed.images.chosen(placed.labelled);
  std::vector<int> labels;
  for (const std::size_t row : placed.labelled) {
    labels.push_back(placed.sample(row).labels[*placed.labelSet]);
  }
  LIX_TRY(const study::ClassSimilarity similar, study::classSimilarity(images.view(), labels));
  const json findings{{"edges", study::cosineEdges()},
                      {"within", similar.within.shares},
                      {"between", similar.between.shares},
                      {"pairs_within", similar.within.pairs},
                      {"pairs_between", similar.between.pairs}};
  for (const auto& [name, pairs] :
       {std::pair("similarity_within", similar.within), {"similarity_between", similar.between}}) {
    if (pairs.mean) {
      placed.numbers.push_back({name, *pairs.mean, findings});
    } else {
      placed.probe.notes.push_back(cat("No pair of pictures counts for ", name, "."));
    }
  }
  LIX_TRY(const auto lists, study::neighbours(images.view(), order.k));
  LIX_TRY(const double purity, study::neighbourPurity(lists, labels));
  placed.numbers.push_back({"neighbour_purity", purity});
  return {};
}

/// The neighbours of each picture in both models: CSV rows of query, rank, the neighbour at that rank in either,
/// whether it entered or left, and the share that both lists of the query have in common. Returns the mean of those
/// shares.
Result<double> writeNeighbours(const Placed& first, const Placed& second, const GeometryOrder& order) {
  if (first.samples != second.samples) {
    return fail(ErrorCode::BadInput,
                "The two models could not read the same pictures, so that their neighbours are "
                "not compared.");
  }
  LIX_TRY(const auto before, study::neighbours(first.images.view(), order.k));
  LIX_TRY(const auto after, study::neighbours(second.images.view(), order.k));
  LIX_TRY(const auto changes, study::compareNeighbours(before, after));
  std::string text = "query,rank,neighbour_a,neighbour_b,entered,left,overlap\n";
  double overlap = 0.0;
  for (std::size_t row = 0; row < changes.size(); ++row) {
    const auto& change = changes[row];
    overlap += change.overlap / double(changes.size());
    for (std::size_t rank = 0; rank < order.k; ++rank) {
      text += cat(csvField(first.sample(row).key), ",", rank + 1, ",", csvField(first.sample(before.of(row)[rank]).key),
                  ",", csvField(first.sample(after.of(row)[rank]).key), ",", change.entered[rank] ? 1 : 0, ",",
                  change.left[rank] ? 1 : 0, ",", change.overlap, "\n");
    }
  }
  LIX_CHECK(writeFile(order.neighbours, text));
  return overlap;
}

Result<void> finish(const store::Workspace& workspace, const GeometryOrder& order, const Placed& placed,
                    std::optional<double> overlap, Output& output) {
  const Probe& probe = placed.probe;
  LIX_TRY(json said, storeNumbers(workspace, probe.row, {{"k", order.k}, {"pictures", order.pictures}}, placed.numbers,
                                  probe.notes));
  std::string text = cat(probe.row.checkpointLabel, "  ", probe.row.dataset, " (", placed.samples.size(), " pictures",
                         probe.evaluator.isMixture() ? ", pooled vectors" : "", ")\n");
  for (const ProbeNumber& number : placed.numbers) {
    text += cat("  ", number.metric, ": ", fixed(number.value, 4), "\n");
    for (const auto& [name, value] : number.findings.items()) {
      said[name] = value;
    }
  }
  if (overlap) {
    said["neighbour_overlap"] = *overlap;
    said["neighbours"] = order.neighbours;
  }
  output.json.push_back(said);
  output.text += text + linesOf(probe.notes);
  return {};
}

}  // namespace

Result<void> evalGeometryInto(const Session& session, const store::Workspace& workspace, const GeometryOrder& order,
                              Output& output) {
  if (!order.neighbours.empty() && order.checkpoints.size() != 2) {
    return fail(ErrorCode::BadInput, cat("--neighbours compares two checkpoints, but ", order.checkpoints.size(),
                                         order.checkpoints.size() == 1 ? " is" : " are", " named; name exactly two."));
  }
  LIX_CHECK(checkLabels(order));
  std::vector<Placed> all;
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_TRY(Placed placed, place(session, workspace, order, i));
    LIX_TRY(const double uniform, study::uniformity(placed.images.view()));
    placed.numbers.push_back({"uniformity_images", uniform});
    LIX_CHECK(addPairs(session, workspace, placed));
    LIX_CHECK(addClasses(placed, order));
    if (order.neighbours.empty()) {
      LIX_CHECK(finish(workspace, order, placed, {}, output));
    } else {
      all.push_back(std::move(placed));
    }
  }
  if (!order.neighbours.empty()) {
    LIX_TRY(const double overlap, writeNeighbours(all[0], all[1], order));
    for (const Placed& placed : all) {
      LIX_CHECK(finish(workspace, order, placed, overlap, output));
    }
    output.text += cat("Of ", order.k, " neighbours ", fixed(100.0 * overlap, 1),
                       " % are the same in both models; each picture's are in ", order.neighbours, ".\n");
  }
  return {};
}

void addGeometryVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<GeometryOrder>();
  CLI::App* verb = eval.add_subcommand(
      "geometry", "Alignment, uniformity, modality gap, similarities within and between classes, neighbours");
  addProbeOptions(verb, *order);
  verb->add_option("--labels", order->labels, "Label set (default: the first)");
  verb->add_option("--k", order->k, "Nearest neighbours of a picture")->check(CLI::Range(1, 100'000));
  verb->add_option("--neighbours", order->neighbours,
                   "With two checkpoints: CSV of each picture's neighbours in both, what entered and what left");
  setEvaluation(verb, session, order, evalGeometryInto);
}

}  // namespace lix::app
