#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "lixp/child.h"
#include "lixp/support/sets.h"
#include "lixp/sweep/plan.h"
#include "lixp/workspace_access.h"
#include "store/evaluation_store.h"
#include "study/train/train_state.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct SweepOrder {
  fs::path file, out;
};

/// What has become of a sweep, kept in checkpoints/<name>/sweep.json after every step.
class Ledger {
 public:
  static Result<Ledger> open(const fs::path& folder, const SweepPlan& plan) {
    Ledger ledger{folder / "sweep.json"};
    std::error_code ignored;
    if (!fs::exists(ledger.file_, ignored)) {
      fs::create_directories(folder, ignored);
      ledger.document_ = plan.document;
      ledger.document_["cells"] = json::object();
      return ledger;
    }
    LIX_TRY(const std::string text, readFile(ledger.file_, 1 << 26));
    ledger.document_ = json::parse(text, nullptr, false);
    if (!ledger.document_.is_object() || !ledger.document_.contains("cells") || !ledger.document_["cells"].is_object()) {
      return fail(ErrorCode::BadInput, cat(ledger.file_.string(), " is damaged; move it away to begin the sweep anew."));
    }
    if (ledger.document_.value("train", json()) != plan.document["train"]) {
      return fail(ErrorCode::BadInput, cat("The sweep '", plan.name, "' was begun with other settings under 'train' (",
                                           ledger.file_.string(), "); give it another name."));
    }
    ledger.document_["axes"] = plan.document["axes"];  // values may be added
    return ledger;
  }

  json& cell(const std::string& name) { return document_["cells"][name]; }
  Result<void> save() const { return writeFile(file_, document_.dump(2) + "\n"); }

 private:
  explicit Ledger(fs::path file) : file_(std::move(file)) {}
  fs::path file_;
  json document_;
};

class Sweep {
 public:
  Sweep(const Session& session, const SweepPlan& plan, fs::path workspace, Ledger ledger)
      : session_(session), plan_(plan), workspace_(std::move(workspace)), ledger_(std::move(ledger)) {}

  Result<Output> run() {
    for (std::size_t i = 0; i < plan_.cells.size(); ++i) {
      const SweepCell& cell = plan_.cells[i];
      session_.note(cat("Sweep ", plan_.name, ", ", i + 1, " of ", plan_.cells.size(), ": ", cell.name));
      json& kept = ledger_.cell(cell.name);
      kept["axes"] = cell.axes;
      LIX_CHECK(train(cell, kept));
      LIX_CHECK(ledger_.save());
      if (interrupted()) {
        return fail(ErrorCode::Cancelled, "The sweep was stopped; the same command goes on where it stopped.");
      }
      if (kept["status"] == "done") {
        LIX_CHECK(evaluate(cell, kept));
      }
    }
    return summary();
  }

  /// One line a value: axes, what was measured, its key.
  Result<std::string> tidy() {
    LIX_TRY(const auto workspace, store::Workspace::open(workspace_, store::OpenMode::ReadOnly));
    std::string table = join(plan_.axes, ",") + ",status,reason,kind,dataset,label_set,adapter,shots,support_seed,metric,value,key\n";
    for (const SweepCell& cell : plan_.cells) {
      const json& kept = ledger_.cell(cell.name);
      std::string axes;
      for (const std::string& axis : plan_.axes) {
        axes += cat(csvField(cell.axes[axis].is_string() ? cell.axes[axis].get<std::string>() : cell.axes[axis].dump()), ",");
      }
      const std::string state = cat(axes, kept.value("status", "missing"), ",", csvField(kept.value("reason", "")), ",");
      LIX_TRY(const auto rows, store::EvaluationStore(workspace).list({.checkpointLabel = cell.label}));
      const fs::path out = outOf(cell);
      bool any = false;
      for (const auto& row : rows) {
        if (row.checkpoint == out) {
          any = true;
          table += cat(state, row.kind, ",", csvField(row.dataset), ",", csvField(row.labelSet), ",", csvField(row.adapter), ",",
                       row.shots, ",", row.supportSeed ? std::to_string(*row.supportSeed) : "", ",", row.metric, ",",
                       json(row.value).dump(), ",", row.id, "\n");
        }
      }
      table += any ? "" : state + ",,,,,,,,\n";
    }
    return table;
  }

 private:
  fs::path outOf(const SweepCell& cell) const {
    return fs::absolute(workspace_ / "checkpoints" / plan_.name / cell.name).lexically_normal();
  }

  /// Trains the cell, goes on with it, or finds it complete; a failure is kept with its reason.
  Result<void> train(const SweepCell& cell, json& kept) {
    const fs::path out = outOf(cell);
    std::vector<std::string> words{"train"};
    std::error_code ignored;
    if (fs::exists(out / "config.json", ignored)) {
      LIX_TRY(const study::TrainState state, study::readTrainState(out));
      if (state.step >= state.settings.steps) {
        kept["status"] = "done";
        return {};
      }
      words.insert(words.end(), {"--resume", out.string()});
    } else {
      fs::create_directories(out.parent_path(), ignored);
      words.push_back(cell.train["recipe"].get<std::string>());
      const auto options = optionsOf(cell.train);
      words.insert(words.end(), options.begin(), options.end());
      words.insert(words.end(), {"--out", out.string()});
    }
    words.insert(words.end(), {"--workspace", workspace_.string()});
    LIX_TRY(const ChildEnd end, runSelf(words));
    const bool whole = end.code == 0 && isComplete(out);
    kept["status"] = whole ? "done" : interrupted() ? "stopped" : "failed";
    kept["reason"] = whole ? "" : end.said;
    return {};
  }

  static bool isComplete(const fs::path& out) {
    const auto state = study::readTrainState(out);
    return state && state->step >= state->settings.steps;
  }

  /// Measures what has not been measured yet; a failure is kept with its reason.
  Result<void> evaluate(const SweepCell& cell, json& kept) {
    for (const json& asked : plan_.evaluate) {
      json& measured = kept["evaluated"];
      if (measured.is_array() && std::ranges::find(measured, asked) != measured.end()) {
        continue;
      }
      std::vector<std::string> words{"eval", asked["what"].get<std::string>(), outOf(cell).string()};
      const auto options = optionsOf(asked);
      words.insert(words.end(), options.begin(), options.end());
      words.insert(words.end(), {"--label", cell.label, "--workspace", workspace_.string()});
      LIX_TRY(const ChildEnd end, runSelf(words));
      if (interrupted()) {
        return fail(ErrorCode::Cancelled, "The sweep was stopped; the same command goes on where it stopped.");
      }
      if (end.code == 0) {
        measured.push_back(asked);
        kept["reason"] = "";
      } else {
        kept["reason"] = cat(asked["what"].get<std::string>(), ": ", end.said);
      }
      LIX_CHECK(ledger_.save());
    }
    return {};
  }

  Result<Output> summary() {
    Output output{.json = {{"sweep", plan_.name}, {"cells", json::array()}}};
    std::size_t failed = 0;
    for (const SweepCell& cell : plan_.cells) {
      const json& kept = ledger_.cell(cell.name);
      const std::string reason = kept.value("reason", "");
      failed += reason.empty() ? 0 : 1;
      output.json["cells"].push_back({{"name", cell.name},
                                      {"axes", cell.axes},
                                      {"checkpoint", outOf(cell).string()},
                                      {"label", cell.label},
                                      {"status", kept["status"]},
                                      {"reason", reason}});
      output.text += cat(cell.name, ": ", kept["status"].get<std::string>(), reason.empty() ? "" : ", ", reason, "\n");
    }
    output.json["failed"] = failed;
    output.text += cat(plan_.cells.size(), " models, ", failed, " with a failure",
                       failed > 0 ? "; the same command tries those again.\n" : ".\n");
    return output;
  }

  const Session& session_;
  const SweepPlan& plan_;
  fs::path workspace_;
  Ledger ledger_;
};

Result<Output> sweep(const Session& session, const SweepOrder& order) {
  LIX_TRY(const SweepPlan plan, SweepPlan::read(order.file));
  fs::path folder;
  {
    LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
    folder = fs::absolute(workspace.folder()).lexically_normal();
  }
  LIX_TRY(Ledger ledger, Ledger::open(folder / "checkpoints" / plan.name, plan));
  Sweep whole(session, plan, folder, std::move(ledger));
  LIX_TRY(Output output, whole.run());
  if (!order.out.empty()) {
    LIX_TRY(const std::string table, whole.tidy());
    LIX_CHECK(writeFile(order.out, table));
    output.text += cat("Wrote ", order.out.string(), "\n");
  }
  return output;
}

}  // namespace

void addSweepVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<SweepOrder>();
  CLI::App* verb = app.add_subcommand(
      "sweep", "Train and evaluate every combination of settings that a JSON file names; goes on where it stopped");
  verb->add_option("file", order->file, "{\"train\": {...}, \"axes\": {\"tokens\": [1, 4]}, \"evaluate\": [...]}")->required();
  verb->add_option("--out", order->out, "A .csv file: one line a measured value, with the axes' values and its key");
  verb->callback([&session, order] { session.action = [&session, order] { return sweep(session, *order); }; });
}

}  // namespace lix::app
