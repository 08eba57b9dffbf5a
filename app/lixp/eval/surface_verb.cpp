#include <algorithm>
#include <cmath>

#include "adapt/tip_surface.h"
#include "base/text.h"
#include "lixp/eval/subject.h"
#include "lixp/eval/verbs.h"
#include "study/few_shot/draw.h"

namespace lix::app {
namespace {
using nlohmann::json;

struct SurfaceOrder : EvalOrder {
  std::string pool = "train";
  std::size_t shots = 16;
  std::size_t draw = 0;
  std::uint64_t seed = 0;
};

/// The pictures of both splits as unit vectors.
struct Pictures {
  study::ImageFeatures pool, query;
  at::Tensor poolUnit, queryUnit;
  std::vector<int> poolLabels, queryLabels;
};

/// Rows copied together, with labels that count the chosen classes from 0.
struct Rows {
  std::vector<float> values;
  std::vector<int> labels;
  std::size_t columns = 0;
  adapt::Matrix matrix() const { return {values, labels.size(), columns}; }
  adapt::Labelled labelled() const { return {matrix(), labels}; }
};

/// One draw as a problem over the classes that have enough pictures.
struct Problem {
  std::vector<std::size_t> classes;
  Rows support, validation, query, text;
  adapt::Task task(float logitScale) const {
    return {support.labelled(), validation.labelled(), text.matrix(), classes.size(), logitScale};
  }
};

void addRow(Rows& rows, adapt::Matrix from, std::size_t row, std::size_t label) {
  const auto values = from.row(row);
  rows.columns = from.columns;
  rows.values.insert(rows.values.end(), values.begin(), values.end());
  rows.labels.push_back(static_cast<int>(label));
}

Result<Pictures> picturesOf(const Session& session, const store::Workspace& workspace, const Subject& s,
                            const SurfaceOrder& order, std::vector<std::string>& notes) {
  Pictures out;
  LIX_TRY(out.pool, imagesOf(session, workspace, s, order.pool));
  LIX_TRY(out.query, imagesOf(session, workspace, s, order.split));
  noteSkipped(out.pool, order.pool, notes);
  noteSkipped(out.query, order.split, notes);
  if (const std::size_t repeated = study::dropRepeated(out.pool); repeated > 0) {
    notes.push_back(cat("Left out of the pool, as they repeat an earlier picture: ", repeated, "."));
  }
  if (const std::size_t shared = study::dropShared(out.query, out.pool); shared > 0) {
    notes.push_back(cat("Left out of the queries, as they stand in the pool as well: ", shared, "."));
  }
  if (out.query.samples.empty()) {
    return fail(ErrorCode::BadInput, cat("All pictures of the ", order.split, " split are in the ", order.pool,
                                         " split as well; split the data anew."));
  }
  out.poolUnit = study::unitVectors(s.evaluator, out.pool);
  out.queryUnit = study::unitVectors(s.evaluator, out.query);
  out.poolLabels = labelsOf(s, out.pool);
  out.queryLabels = labelsOf(s, out.query);
  return out;
}

/// The classes with shots + validation pictures in the pool and a query picture, as few-shot evaluations choose them.
Result<std::vector<std::size_t>> classesOf(const Pictures& pictures, std::size_t all, const SurfaceOrder& order,
                                           std::vector<std::string>& notes) {
  std::vector<std::size_t> pool(all, 0), query(all, 0), chosen;
  for (const int label : pictures.poolLabels) {
    ++pool[static_cast<std::size_t>(label)];
  }
  for (const int label : pictures.queryLabels) {
    ++query[static_cast<std::size_t>(label)];
  }
  const std::size_t validation = study::validationShots(order.shots), needed = order.shots + validation;
  for (std::size_t c = 0; c < all; ++c) {
    if (pool[c] >= needed && query[c] > 0) {
      chosen.push_back(c);
    }
  }
  const std::string reach = cat(chosen.size(), " of ", all, " classes have the ", needed, " pool pictures (",
                                validation, " for validation) and the query picture that this needs");
  if (chosen.size() < 2) {
    return fail(ErrorCode::BadInput, cat(order.shots, " shots: ", reach, "; ask for fewer with --shots."));
  }
  if (chosen.size() < all) {
    notes.push_back(cat(order.shots, " shots: ", reach, "."));
  }
  return chosen;
}

Problem problemOf(const Subject& s, const Pictures& pictures, std::vector<std::size_t> classes,
                  const SurfaceOrder& order) {
  const study::Draw draw = study::drawSupport(pictures.poolLabels, classes, order.shots, order.seed, order.draw);
  const adapt::Matrix pool = matrixOf(pictures.poolUnit), query = matrixOf(pictures.queryUnit);
  std::vector<std::ptrdiff_t> indexOf(s.classNames().size(), -1);
  Problem out;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    indexOf[classes[i]] = static_cast<std::ptrdiff_t>(i);
    addRow(out.text, matrixOf(s.classes.text), classes[i], i);
  }
  const auto indexAt = [&](const std::vector<int>& labels, std::size_t row) {
    return indexOf[static_cast<std::size_t>(labels[row])];
  };
  for (const std::uint32_t row : draw.support) {
    addRow(out.support, pool, row, static_cast<std::size_t>(indexAt(pictures.poolLabels, row)));
  }
  for (const std::uint32_t row : draw.validation) {
    addRow(out.validation, pool, row, static_cast<std::size_t>(indexAt(pictures.poolLabels, row)));
  }
  for (std::size_t row = 0; row < pictures.queryLabels.size(); ++row) {
    if (const std::ptrdiff_t index = indexAt(pictures.queryLabels, row); index >= 0) {
      addRow(out.query, query, row, static_cast<std::size_t>(index));
    }
  }
  out.classes = std::move(classes);
  return out;
}

/// The grid of the searched adapter where nothing else is asked.
adapt::TipGrid releasedGrid(const adapt::Adapter& searched) {
  const auto steps = [&](const char* largest, const char* count) {
    const auto value = [&](const char* key) { return std::ranges::find(searched.params, key, &Param::key)->value; };
    return adapt::tipSteps(std::get<double>(value(largest)),
                           static_cast<std::size_t>(std::get<long long>(value(count))));
  };
  return {steps("alpha_scale", "alpha_steps"), steps("beta_scale", "beta_steps")};
}

/// Shares [B][A] as rows, to the sixth decimal.
json rowsOf(const std::vector<double>& shares, std::size_t alphas) {
  json out = json::array();
  for (std::size_t first = 0; first < shares.size(); first += alphas) {
    json row = json::array();
    for (std::size_t a = 0; a < alphas; ++a) {
      row.push_back(std::round(1e6 * shares[first + a]) / 1e6);
    }
    out.push_back(std::move(row));
  }
  return out;
}

store::EvaluationRow rowOf(const Subject& s, const SurfaceOrder& order, const Problem& problem,
                           const adapt::TipSurface& surface) {
  store::EvaluationRow row = s.row;
  row.vectors = s.evaluator.isMixture() ? store::VectorKind::Pooled : store::VectorKind::Embedding;
  row.adapter = "tip-adapter-x";
  row.shots = static_cast<int>(order.shots);
  row.supportSeed = static_cast<long long>(order.seed * 1'000'000 + order.draw);
  row.classes = static_cast<int>(problem.classes.size());
  row.supportSize = static_cast<long long>(problem.support.labels.size());
  row.querySize = static_cast<long long>(problem.query.labels.size());
  row.metric = "top1";
  row.value = surface.query[surface.best];
  row.settings = json{{"shots", order.shots}, {"pool", order.pool}}.dump();
  row.findings = json{{"alpha", surface.grid.alphas},
                      {"beta", surface.grid.betas},
                      {"validation", rowsOf(surface.validation, surface.grid.alphas.size())},
                      {"query", rowsOf(surface.query, surface.grid.alphas.size())},
                      {"best", {surface.bestBeta(), surface.bestAlpha()}}}
                     .dump();
  return row;
}

Result<void> surface(const Session& session, const store::Workspace& workspace, const SurfaceOrder& order,
                     std::size_t which, Output& output) {
  LIX_TRY(const Subject s, openSubject(workspace, order, which, "surface"));
  std::vector<std::string> notes;
  LIX_TRY(const Pictures pictures, picturesOf(session, workspace, s, order, notes));
  LIX_TRY(auto classes, classesOf(pictures, s.classNames().size(), order, notes));
  const Problem problem = problemOf(s, pictures, std::move(classes), order);
  LIX_TRY(const adapt::Adapter* searched, adapt::find("tip-adapter-x"));
  LIX_TRY(const adapt::TipSurface found,
          adapt::tipSurface(problem.task(s.logitScale()), problem.query.labelled(), releasedGrid(*searched)));
  const store::EvaluationRow row = rowOf(s, order, problem, found);
  LIX_TRY(const long long key, store::EvaluationStore(workspace).add(row));
  output.json.push_back({{"checkpoint", row.checkpointLabel},
                         {"dataset", order.data},
                         {"key", key},
                         {"shots", order.shots},
                         {"classes", row.classes},
                         {"alpha", found.bestAlpha()},
                         {"beta", found.bestBeta()},
                         {"validation", found.validation[found.best]},
                         {"top1", row.value},
                         {"notes", notes}});
  output.text += cat(row.checkpointLabel, "  ", order.data, "/", row.labelSet, "\n  ", order.shots, " shots, ",
                     row.classes, " classes: validation chooses alpha ", fixed(found.bestAlpha(), 3), " and beta ",
                     fixed(found.bestBeta(), 3), " (", fixed(100.0 * found.validation[found.best], 1), " %); ",
                     order.split, " there ", fixed(100.0 * row.value, 1), " %\n", linesOf(notes));
  return {};
}

}  // namespace

void addSurfaceVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<SurfaceOrder>();
  CLI::App* verb = eval.add_subcommand(
      "surface", "Accuracy of Tip-Adapter over alpha and beta, validation and queries apart, for one support draw");
  addCommonOptions(verb, *order);
  verb->add_option("--pool", order->pool, "Split that support and validation are drawn from");
  verb->add_option("--shots", order->shots, "Pictures per class")->check(CLI::Range(1, 100'000));
  verb->add_option("--seed", order->seed, "Seed of the draw");
  verb->add_option("--draw", order->draw, "Number of the draw, from 0");
  verb->callback([&session, order] {
    session.action = [&session, order]() -> Result<Output> {
      if (order->pool == order->split) {
        return fail(ErrorCode::BadInput,
                    "Support and queries must come from different splits; change --pool or --split.");
      }
      LIX_CHECK(checkLabels(*order));
      LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
      Output output{.json = json::array()};
      for (std::size_t i = 0; i < order->checkpoints.size(); ++i) {
        LIX_CHECK(surface(session, workspace, *order, i, output));
      }
      return output;
    };
  });
}

}  // namespace lix::app
