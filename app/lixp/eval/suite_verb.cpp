#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "lixp/eval/verbs.h"
#include "lixp/workspace_access.h"
#include "shared/suite_rows.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

json toJson(const study::SuiteTable& table) {
  json lines = json::array();
  for (const study::SuiteLine& line : table.lines) {
    json one{{"model", line.model}, {"seeds", line.seeds}, {"draws", line.draws}, {"datasets", json::object()}};
    for (std::size_t d = 0; d < table.datasets.size(); ++d) {
      if (line.cells[d]) {
        one["datasets"][table.datasets[d]] = *line.cells[d];
      }
    }
    if (line.average) {
      one["average"] = *line.average;
    }
    if (line.interval) {
      one["interval_95"] = {line.interval->low, line.interval->high};
    }
    lines.push_back(one);
  }
  return {{"title", table.title}, {"averaged_over", table.common.size()}, {"models", lines}, {"notes", table.notes}};
}

Result<Output> list() {
  json suites = json::array();
  std::string text;
  for (const std::string& name : study::suiteNames()) {
    LIX_TRY(const study::Suite suite, study::findSuite(name));
    json datasets = json::array();
    std::vector<std::string> names;
    for (const study::SuiteEntry& entry : suite.datasets) {
      datasets.push_back({{"data", entry.data},
                          {"split", entry.split},
                          {"labels", entry.labels},
                          {"templates", entry.templates},
                          {"metric", entry.metric}});
      names.push_back(entry.data);
    }
    suites.push_back({{"name", name}, {"title", suite.title}, {"note", suite.note}, {"datasets", datasets}});
    text += cat(name, ": ", suite.title, "\n  ", join(names, ", "), "\n",
                suite.note.empty() ? "" : cat("  ", suite.note, "\n"));
  }
  return Output{suites, text};
}

struct RunOrder {
  std::string suite;
  FewShotOrder few;  // its checkpoints, labels and shots; dataset by dataset filled in
  bool fewShot = false;
};

/// Zero-shot and, where asked, few-shot of all checkpoints on one dataset of the suite.
Result<void> evaluate(const Session& session, const store::Workspace& workspace, const RunOrder& order,
                      const study::SuiteEntry& entry, const std::string& dataset, Output& output) {
  FewShotOrder few = order.few;
  few.data = dataset;
  few.split = entry.split;
  few.labels = entry.labels;
  few.templates = entry.templates;
  ZeroShotOrder zero{few};
  zero.metric = entry.metric;
  LIX_CHECK(evalZeroShotInto(session, workspace, zero, output));
  return order.fewShot ? evalFewShotInto(session, workspace, few, output) : Result<void>();
}

Result<Output> run(const Session& session, const RunOrder& order) {
  LIX_TRY(const study::Suite suite, study::findSuite(order.suite));
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  Output results{.json = json::array(), .text = {}};
  json failed = json::array();
  std::vector<std::string> missing;
  std::size_t done = 0;
  for (const study::SuiteEntry& entry : suite.datasets) {
    LIX_TRY(const auto dataset, datasetFor(workspace, entry.data));
    if (!dataset) {
      missing.push_back(entry.data);
      continue;
    }
    if (const auto evaluated = evaluate(session, workspace, order, entry, *dataset, results); evaluated) {
      ++done;
    } else if (evaluated.error().code == ErrorCode::Cancelled || suite.datasets.size() == 1) {
      return std::unexpected(evaluated.error());
    } else {
      failed.push_back({{"data", entry.data}, {"reason", evaluated.error().message}});
      results.text += cat(entry.data, " failed: ", evaluated.error().message, "\n");
    }
  }
  if (done == 0) {
    return fail(missing.empty() ? ErrorCode::BadInput : ErrorCode::NotFound,
                failed.empty()
                    ? cat("The workspace has no dataset of the suite ", suite.name, " (", join(missing, ", "),
                          "); add yours with 'lixp data add PATH'.")
                    : cat("No dataset of the suite ", suite.name,
                          " could be evaluated; the first reason: ", failed[0]["reason"].get<std::string>()));
  }
  if (!missing.empty()) {
    results.text += cat("Not in the workspace: ", join(missing, ", "), ". Add yours with 'lixp data add PATH'.\n");
  }
  SuiteQuery asked;
  for (std::size_t i = 0; i < order.few.checkpoints.size(); ++i) {
    asked.checkpoints.push_back(curveLabel(order.few, i));
  }
  LIX_TRY(const study::SuiteTable table, suiteTableOf(workspace, suite, asked));
  results.text += cat("\n", study::textOf(table, study::TableFormat::Markdown));
  return Output{{{"suite", suite.name},
                 {"results", results.json},
                 {"missing", missing},
                 {"failed", failed},
                 {"table", toJson(table)}},
                results.text};
}

struct TableOrder {
  std::string suite, format = "md";
  fs::path out;
  SuiteQuery query;
};

Result<Output> table(const Session& session, const TableOrder& order) {
  LIX_TRY(const study::TableFormat format, study::tableFormatNamed(order.format));
  LIX_TRY(const study::Suite suite, study::findSuite(order.suite));
  SuiteQuery query = order.query;
  query.kind = query.adapter.empty() ? "zero-shot" : "few-shot";
  if (query.adapter.empty() != (query.shots == 0)) {
    return fail(ErrorCode::BadInput, "A table of few-shot results needs both --adapter and --shots.");
  }
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const study::SuiteTable made, suiteTableOf(workspace, suite, query));
  if (made.lines.empty()) {
    return fail(ErrorCode::NotFound, cat("The workspace has no ", query.kind, " results on the suite ", suite.name,
                                         "; make some with 'lixp suite run ", order.suite, " CHECKPOINT'."));
  }
  const std::string text = study::textOf(made, format);
  json about = toJson(made);
  if (order.out.empty()) {
    return Output{about, text};
  }
  LIX_CHECK(writeFile(order.out, text));
  about["out"] = order.out.string();
  return Output{about, cat("Wrote ", order.out.string(), "\n")};
}

void addRun(CLI::App* verb, Session& session) {
  auto order = std::make_shared<RunOrder>();
  CLI::App* runVerb = verb->add_subcommand("run", "Evaluate checkpoints on every dataset of a suite that is there");
  runVerb->add_option("suite", order->suite, "Name of a suite, or its file")->required();
  runVerb->add_option("checkpoints", order->few.checkpoints, "Checkpoint folders")->required();
  runVerb->add_option("--label", order->few.curveLabels,
                      "Name of each checkpoint's curve (default: its folder's name)");
  runVerb->add_flag("--few-shot", order->fewShot, "Few-shot as well, with the options below");
  runVerb->add_option("--pool", order->few.pool, "Split that support and validation are drawn from");
  runVerb->add_option("--shots", order->few.shots, "Pictures per class")->delimiter(',')->check(CLI::Range(0, 100'000));
  runVerb->add_option("--draws", order->few.draws, "Support draws")->check(CLI::Range(1, 1'000'000));
  runVerb->add_option("--seed", order->few.seed, "Seed of the draws")->check(CLI::Range(0LL, 9'000'000'000'000LL));
  runVerb->add_option("--adapters", order->few.adapters, "As of 'lixp eval few-shot'")->delimiter(',');
  runVerb->fallthrough();
  runVerb->callback([&session, order] { session.action = [&session, order] { return run(session, *order); }; });
}

}  // namespace

void addSuiteVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("suite", "Named lists of datasets: list, run, and tables of models x datasets");
  verb->require_subcommand(1);
  CLI::App* listVerb = verb->add_subcommand("list", "The suites that are shipped");
  listVerb->fallthrough();
  listVerb->callback([&session] { session.action = [] { return list(); }; });
  addRun(verb, session);
  auto order = std::make_shared<TableOrder>();
  CLI::App* tableVerb =
      verb->add_subcommand("table", "Models x datasets from stored results, the average with its 95 % interval first");
  tableVerb->add_option("suite", order->suite, "Name of a suite, or its file")->required();
  tableVerb->add_option("--format", order->format, "csv, md or latex");
  tableVerb->add_option("--out", order->out, "File to write (default: standard output)");
  tableVerb->add_option("--adapter", order->query.adapter, "Few-shot results of this adapter instead of zero-shot");
  tableVerb->add_option("--shots", order->query.shots, "Shots of those")->check(CLI::Range(0, 100'000));
  tableVerb->add_option("--checkpoints", order->query.checkpoints, "Only these, by their names in results")
      ->delimiter(',');
  tableVerb->fallthrough();
  tableVerb->callback([&session, order] { session.action = [&session, order] { return table(session, *order); }; });
}

}  // namespace lix::app
