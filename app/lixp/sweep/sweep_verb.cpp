#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/csv.h"
#include "base/file.h"
#include "base/text.h"
#include "lixp/child.h"
#include "lixp/sweep/plan.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/weights_hash.h"
#include "store/curve.h"
#include "store/evaluation_store.h"
#include "study/train/train.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct SweepOrder {
  fs::path file, out;
};

/// Holds a sweep's folder, so that two runs do not train into one checkpoint; the end of the process frees it.
class FolderLock {
 public:
  static Result<FolderLock> take(const fs::path& folder, const std::string& sweep) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));  // children outlive a kill of this one
    if (lock.folder_ < 0) {
      return fail(ErrorCode::Io, cat("Cannot make the folder ", folder.string(), ": ", std::strerror(errno), "."));
    }
    if (::flock(lock.folder_, LOCK_EX | LOCK_NB) != 0) {
      const int problem = errno;
      if (problem == EWOULDBLOCK) {
        return fail(ErrorCode::Busy, cat("The sweep '", sweep, "' is at work already in ", folder.string(),
                                         "; wait for its end, or give this one another name."));
      }
      return fail(ErrorCode::Io, cat("Cannot lock ", folder.string(), ": ", std::strerror(problem),
                                     ". Move the workspace to a local disk."));
    }
    return lock;
  }

  FolderLock(FolderLock&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (folder_ >= 0) {
      ::close(folder_);
    }
  }

 private:
  explicit FolderLock(int folder) : folder_(folder) {}
  int folder_;
};

/// What has become of a sweep, kept in checkpoints/<name>/sweep.json after every step. Of a cell: "status", "reason",
/// "weights" (the hash of those that were measured) and "evaluated" (what was measured on them).
class Ledger {
 public:
  static Result<Ledger> open(const fs::path& folder, const SweepPlan& plan) {
    Ledger ledger{folder / "sweep.json"};
    std::error_code ignored;
    if (fs::exists(folder / "config.json", ignored)) {
      return fail(ErrorCode::BadInput,
                  cat(folder.string(), " is a checkpoint; give the sweep a name of its own with 'name'."));
    }
    if (!fs::exists(ledger.file_, ignored)) {
      ledger.document_ = plan.document;
      ledger.document_["cells"] = json::object();
      return ledger;
    }
    LIX_TRY(const std::string text, readFile(ledger.file_, 1 << 26));
    ledger.document_ = json::parse(text, nullptr, false);
    const json& whole = ledger.document_;
    if (!whole.is_object() || !whole.contains("cells") || !whole["cells"].is_object() ||
        !std::ranges::all_of(whole["cells"], isCell)) {
      return fail(ErrorCode::BadInput,
                  cat(ledger.file_.string(), " is damaged; move it away to begin the sweep anew."));
    }
    if (whole.value("train", json()) != plan.document["train"]) {
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

  static bool isCell(const json& cell) {
    const auto is = [&](const char* key, auto type) { return !cell.contains(key) || (cell[key].*type)(); };
    return cell.is_object() && is("status", &json::is_string) && is("reason", &json::is_string) &&
           is("weights", &json::is_string) && is("evaluated", &json::is_array);
  }

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
        LIX_CHECK(ledger_.save());
      }
    }
    return summary();
  }

  /// One line a value: axes, what was measured on the weights as they are, its key. Of a repetition the newest counts.
  Result<std::string> tidy() {
    LIX_TRY(const auto workspace, store::Workspace::open(workspace_, store::OpenMode::ReadOnly));
    std::string table;
    for (const std::string& axis : plan_.axes) {
      table += axis + ",";
    }
    table += "status,reason,kind,dataset,label_set,adapter,shots,support_seed,metric,value,key,split,templates,"
             "vectors,settings\n";
    for (const SweepCell& cell : plan_.cells) {
      const json& kept = ledger_.cell(cell.name);
      std::string state;
      for (const std::string& axis : plan_.axes) {
        const json& value = cell.axes[axis];
        state += csvField(value.is_string() ? value.get<std::string>() : value.dump()) + ",";
      }
      state += cat(kept.value("status", "missing"), ",", csvField(kept.value("reason", "")), ",");
      LIX_TRY(auto rows, store::EvaluationStore(workspace).list({.checkpointLabel = cell.label}));
      const std::string weights = kept.value("weights", "");
      std::erase_if(rows, [&, out = outOf(cell)](const auto& row) {
        return row.checkpoint != out || row.weightsHash != weights;
      });
      const std::string lines = linesOf(rows, state);
      table += lines.empty() ? state + ",,,,,,,,,,,,\n" : lines;
    }
    return table;
  }

 private:
  static std::string linesOf(const std::vector<store::EvaluationRow>& rows, const std::string& state) {
    std::string lines;
    for (const store::CurvePoint& point : store::curvePoints(rows)) {
      for (const store::EvaluationRow& row : point.rows) {
        lines += cat(state, csvField(row.kind), ",", csvField(row.dataset), ",", csvField(row.labelSet), ",",
                     csvField(row.adapter), ",", row.shots, ",", row.supportSeed ? cat(*row.supportSeed) : "", ",",
                     csvField(row.metric), ",", json(row.value).dump(), ",", row.id, ",", csvField(row.split), ",",
                     csvField(row.templates), ",", nameOf(row.vectors), ",", csvField(row.settings), "\n");
      }
    }
    return lines;
  }

  fs::path outOf(const SweepCell& cell) const {
    return fs::absolute(workspace_ / "checkpoints" / plan_.name / cell.name).lexically_normal();
  }

  static std::string reasonOf(const ChildEnd& end) {
    return end.code != 0 && !end.said.empty() ? end.said : cat("it ended with status ", end.code, ".");
  }

  /// Trains the cell, goes on with it, or finds it complete; a failure is kept with its reason.
  Result<void> train(const SweepCell& cell, json& kept) {
    const fs::path out = outOf(cell);
    std::vector<std::string> words{"train"};
    std::error_code ignored;
    if (fs::exists(out / "config.json", ignored)) {
      const auto state = study::readTrainState(out);
      if (!state) {  // a folder that cannot be read is a failure of this cell, not of the others
        setFailed(kept, cat(state.error().message, " Move ", out.string(), " away to train it anew."));
        return {};
      }
      if (state->step >= state->settings.steps) {
        setDone(kept, out);
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
    if (end.code == 0 && isComplete(out)) {
      setDone(kept, out);
      return {};
    }
    setFailed(kept, end.code == 0 ? "The training ended before its last step." : reasonOf(end));
    kept["status"] = interrupted() ? "stopped" : "failed";
    return {};
  }

  /// What was measured on other weights than these is to be measured again.
  static void setDone(json& kept, const fs::path& out) {
    const auto weights = nn::weightsHash(out);
    if (!weights) {
      setFailed(kept, weights.error().message);
      return;
    }
    if (kept.value("weights", "") != *weights) {
      kept.erase("evaluated");
    }
    kept["weights"] = *weights;
    kept["status"] = "done";
    kept["reason"] = "";
  }

  static void setFailed(json& kept, const std::string& reason) {
    kept["status"] = "failed";
    kept["reason"] = reason;
    kept.erase("weights");
    kept.erase("evaluated");
  }

  static bool isComplete(const fs::path& out) {
    const auto state = study::readTrainState(out);
    return state && state->step >= state->settings.steps;
  }

  /// Measures what has not been measured yet; the reasons of all failures are kept.
  Result<void> evaluate(const SweepCell& cell, json& kept) {
    std::vector<std::string> reasons;
    if (!kept.contains("evaluated")) {
      kept["evaluated"] = json::array();
    }
    json& measured = kept["evaluated"];
    for (const json& asked : plan_.evaluate) {
      if (std::ranges::find(measured, asked) != measured.end()) {
        continue;
      }
      const std::string what = asked["what"].get<std::string>();
      std::vector<std::string> words{"eval", what, outOf(cell).string()};
      const auto options = optionsOf(asked);
      words.insert(words.end(), options.begin(), options.end());
      words.insert(words.end(), {"--label", cell.label, "--workspace", workspace_.string()});
      LIX_TRY(const ChildEnd end, runSelf(words));
      if (end.code == 0) {
        measured.push_back(asked);
        LIX_CHECK(ledger_.save());
      } else {
        reasons.push_back(cat(what, ": ", reasonOf(end)));
      }
      if (interrupted()) {
        return fail(ErrorCode::Cancelled, "The sweep was stopped; the same command goes on where it stopped.");
      }
    }
    kept["reason"] = join(reasons, " ");
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
    output.status = failed > 0 ? 1 : 0;
    output.text += cat(plan_.cells.size(), " models, ", failed, " with a failure",
                       failed > 0 ? "; the same command tries those again.\n" : ".\n");
    return output;
  }

  const Session& session_;
  const SweepPlan& plan_;
  fs::path workspace_;
  Ledger ledger_;
};

/// Whether `lixp eval` has all that is asked for, before hours of training.
Result<void> checkEvaluations(const CLI::App& eval, const SweepPlan& plan) {
  for (const json& asked : plan.evaluate) {
    const std::string what = asked["what"].get<std::string>();
    const auto verbs = eval.get_subcommands([](const CLI::App*) { return true; });
    const auto verb = std::ranges::find(verbs, what, [](const CLI::App* one) { return one->get_name(); });
    if (verb == verbs.end()) {
      std::vector<std::string> names;
      std::ranges::transform(verbs, std::back_inserter(names), [](const CLI::App* one) { return one->get_name(); });
      return fail(ErrorCode::BadInput, cat("'evaluate' asks for '", what, "'; lixp eval has ", join(names, ", "), "."));
    }
    for (const auto& [name, value] : asked.items()) {
      std::string option = "--" + name;
      std::ranges::replace(option, '_', '-');
      if (option == "--label") {
        return fail(ErrorCode::BadInput, "'evaluate' gives a 'label'; a sweep labels its models by their settings.");
      }
      if (name != "what" && (option == "--help" || (*verb)->get_option_no_throw(option) == nullptr)) {
        return fail(ErrorCode::BadInput, cat("'evaluate' gives '", name, "', which is no option of lixp eval ", what,
                                             "; 'lixp eval ", what, " --help' lists them."));
      }
    }
  }
  return {};
}

/// Whether the table can be written, before hours of training.
Result<void> checkOut(const fs::path& out) {
  if (out.empty()) {
    return {};
  }
  if (out.extension() != ".csv") {
    return fail(ErrorCode::BadInput, cat("'", out.string(), "' should be a .csv file; a sweep writes no other."));
  }
  std::error_code ignored;
  if (!fs::is_directory(fs::absolute(out).parent_path(), ignored)) {
    return fail(ErrorCode::BadInput, cat("There is no folder for ", out.string(), "; make it first."));
  }
  return {};
}

Result<Output> sweep(const Session& session, const CLI::App& eval, const SweepOrder& order) {
  LIX_TRY(const SweepPlan plan, SweepPlan::read(order.file));
  LIX_CHECK(checkEvaluations(eval, plan));
  LIX_CHECK(checkOut(order.out));
  fs::path folder;
  {
    LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
    folder = fs::absolute(workspace.folder()).lexically_normal();
  }
  const fs::path own = folder / "checkpoints" / plan.name;
  LIX_TRY(const FolderLock lock, FolderLock::take(own, plan.name));
  LIX_TRY(Ledger ledger, Ledger::open(own, plan));
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
  verb->add_option("file", order->file, "{\"train\": {...}, \"axes\": {\"tokens\": [1, 4]}, \"evaluate\": [...]}")
      ->required();
  verb->add_option("--out", order->out, "A .csv file: one line a measured value, with the axes' values and its key");
  verb->footer(
      "The file, for example:\n"
      "  {\"name\": \"tokens\",\n"
      "   \"train\": {\"recipe\": \"llip\", \"data\": \"emoji\", \"size\": \"tiny\", \"steps\": 300},\n"
      "   \"axes\": {\"tokens\": [1, 4, 16], \"seed\": [0, 1]},\n"
      "   \"evaluate\": [{\"what\": \"zero-shot\", \"data\": \"emoji\"},\n"
      "                {\"what\": \"few-shot\", \"data\": \"emoji\", \"shots\": [1, 4]}]}\n"
      "'train' and 'axes' hold options of 'lixp train' without their dashes, 'evaluate' those of 'lixp eval WHAT';\n"
      "a flag is true. Models lie in checkpoints/NAME; those that differ in their seed alone share a curve.\n"
      "Exit status: 0 where all was trained and measured, 1 where something failed; the reasons are told.");
  const CLI::App* eval = app.get_subcommand("eval");
  verb->callback([&session, eval, order] {
    session.action = [&session, eval, order] { return sweep(session, *eval, *order); };
  });
}

}  // namespace lix::app
