#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "lixp/reproduce.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/weights_hash.h"
#include "store/dataset_store.h"
#include "study/eval/own_vectors.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kTolerance = 1e-6;

struct ReproduceOrder {
  long long key = 0;
  bool force = false, keep = false;
};

/// A workspace that is gone with this, with the datasets of another and its cache of features.
class Scratch {
 public:
  static Result<std::unique_ptr<Scratch>> like(const store::Workspace& workspace) {
    std::string name = (fs::temp_directory_path() / "lixp-reproduce-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      return fail(ErrorCode::Io, cat("Cannot make a folder in ", fs::temp_directory_path().string(),
                                     " to measure in. Free some space, or set TMPDIR to another folder."));
    }
    std::unique_ptr<Scratch> scratch(new Scratch(name));
    std::error_code ignored;
    if (!workspace.isReadOnly() && fs::is_directory(workspace.cache(), ignored)) {
      fs::create_directory_symlink(workspace.cache(), scratch->folder_ / "cache",
                                   ignored);  // else pictures are encoded anew
    }
    LIX_TRY(auto opened, store::Workspace::open(scratch->folder_, store::OpenMode::Create));
    LIX_TRY(const auto datasets, store::DatasetStore(workspace).list());
    for (const store::DatasetRow& dataset : datasets) {
      LIX_CHECK(store::DatasetStore(opened).add(dataset));
    }
    scratch->workspace_.emplace(std::move(opened));
    return scratch;
  }
  ~Scratch() {
    workspace_.reset();
    std::error_code ignored;
    fs::remove(folder_ / "cache", ignored);  // the link alone
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const store::Workspace& workspace() const { return *workspace_; }

 private:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
  std::optional<store::Workspace> workspace_;
};

Result<Reproducer> reproducerOf(const store::EvaluationRow& row) {
  std::vector<std::string> kinds;
  for (const Reproduction& one : reproductions()) {
    if (one.kind == row.kind) {
      return one.again;
    }
    kinds.emplace_back(one.kind);
  }
  return fail(ErrorCode::Unsupported,
              cat("Result ", row.id, " is of the kind ", row.kind,
                  ", which this version does not measure again; there are: ", join(kinds, ", "), "."));
}

Result<std::string> hashOf(const fs::path& checkpoint) {
  if (!study::isVectorFile(checkpoint)) {
    return nn::weightsHash(checkpoint);
  }
  LIX_TRY(const study::OwnVectors own, study::openOwnVectors(checkpoint));
  return own.hash;
}

/// The weights in the folder must be those that the row speaks of.
Result<void> checkWeights(const store::EvaluationRow& row, bool force) {
  std::error_code ignored;
  const bool vectors = study::isVectorFile(row.checkpoint);
  if (!(vectors ? fs::is_regular_file(row.checkpoint, ignored) : fs::is_directory(row.checkpoint, ignored))) {
    return fail(ErrorCode::NotFound, cat("The checkpoint ", row.checkpoint.string(), " of result ", row.id,
                                         " is not there any more; put it back to measure it again."));
  }
  LIX_TRY(const std::string hash, hashOf(row.checkpoint));
  if (hash != row.weightsHash && !force) {
    return fail(ErrorCode::BadInput,
                cat("The weights in ", row.checkpoint.string(), " have changed since result ", row.id,
                    " was measured, so that it cannot be reproduced; --force measures the new ones."));
  }
  return {};
}

/// Whether those settings agree that tell apart the rows of one call.
bool sameLevel(const store::EvaluationRow& a, const store::EvaluationRow& b) {
  const json first = json::parse(a.settings, nullptr, false), second = json::parse(b.settings, nullptr, false);
  return std::ranges::all_of(std::array{"corruption", "severity", "prompts"}, [&](const char* key) {
    return first.is_object() && second.is_object() && first.value(key, json()) == second.value(key, json());
  });
}

/// Times and memory are of the machine and the moment.
bool isTimed(const store::EvaluationRow& row) {
  return row.kind == "cost" && (row.metric.ends_with("_seconds") || row.metric == "peak_bytes");
}

bool sameMeasurement(const store::EvaluationRow& a, const store::EvaluationRow& b) {
  return a.kind == b.kind && a.metric == b.metric && a.adapter == b.adapter && a.shots == b.shots &&
         a.supportSeed == b.supportSeed && a.labelSet == b.labelSet && a.vectors == b.vectors && a.split == b.split &&
         sameLevel(a, b);
}

Result<store::EvaluationRow> found(const store::Workspace& scratch, const store::EvaluationRow& old) {
  LIX_TRY(const auto rows, store::EvaluationStore(scratch).list({.kind = old.kind, .metric = old.metric}));
  for (const store::EvaluationRow& row : rows) {
    if (sameMeasurement(row, old)) {
      return row;
    }
  }
  return fail(ErrorCode::NotFound, cat("The evaluation gave no ", old.metric, " for result ", old.id,
                                       ": the data or its splits have changed since it was measured."));
}

/// The new row with its predictions and outcomes into the workspace; returns its key there.
Result<long long> keep(const store::Workspace& workspace, const store::Workspace& scratch, store::EvaluationRow row) {
  const store::EvaluationStore from(scratch);
  LIX_TRY(const auto predictions, from.predictions(row.id));
  LIX_TRY(const auto outcomes, from.outcomes({.kind = row.kind, .metric = row.metric}));
  const auto own = outcomes.find(row.id);
  return store::EvaluationStore(workspace).add(row, predictions, own == outcomes.end() ? nullptr : &own->second);
}

Result<Output> reproduce(const Session& session, const ReproduceOrder& order) {
  LIX_TRY(const store::Workspace workspace,
          openWorkspace(session, order.keep ? store::OpenMode::ReadWrite : store::OpenMode::ReadOnly));
  LIX_TRY(const store::EvaluationRow old, store::EvaluationStore(workspace).find(order.key));
  LIX_TRY(const Reproducer again, reproducerOf(old));
  LIX_CHECK(checkWeights(old, order.force));
  LIX_TRY(const auto scratch, Scratch::like(workspace));
  Output said{.json = json::array(), .text = {}};
  LIX_CHECK(again(session, scratch->workspace(), old, said));
  LIX_TRY(const store::EvaluationRow now, found(scratch->workspace(), old));
  const double difference = now.value - old.value;
  const bool timed = isTimed(old), same = std::abs(difference) <= kTolerance;
  char numbers[160];
  std::snprintf(numbers, sizeof numbers, "was %.9g, is %.9g, difference %+.3g", old.value, now.value, difference);
  Output out{.json = {{"key", old.id},
                      {"kind", old.kind},
                      {"metric", old.metric},
                      {"checkpoint", old.checkpointLabel},
                      {"dataset", old.dataset},
                      {"adapter", old.adapter},
                      {"shots", old.shots},
                      {"old", old.value},
                      {"new", now.value},
                      {"difference", difference},
                      {"same", same}},
             .text = cat("Result ", old.id, ", ", old.metric, " of ", old.checkpointLabel, " on ", old.dataset,
                         old.adapter.empty() ? "" : cat(", ", old.adapter, " at ", old.shots, " shots"), ": ", numbers,
                         timed  ? ": measured anew; times and memory are of the machine and the moment.\n"
                         : same ? ": reproduced.\n"
                                : ": NOT reproduced.\n"),
             .status = timed || same ? 0 : 1};
  if (order.keep) {
    LIX_TRY(out.json["kept_as"], keep(workspace, scratch->workspace(), now));
    out.text += cat("Kept as result ", out.json["kept_as"].dump(), ".\n");
  }
  return out;
}

}  // namespace

void addReproduceVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<ReproduceOrder>();
  CLI::App* verb =
      app.add_subcommand("reproduce", "Measure a result again by its key and compare; exit 1 if it differs");
  verb->add_option("key", order->key, "Key of the result, as curves and reports give it")->required();
  verb->add_flag("--force", order->force, "Also where the checkpoint's weights have changed since");
  verb->add_flag("--keep", order->keep, "Add what is measured to the workspace as a result of its own");
  verb->callback([&session, order] { session.action = [&session, order] { return reproduce(session, *order); }; });
}

}  // namespace lix::app
