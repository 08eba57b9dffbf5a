#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "lixp/session.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/export/export.h"
#include "nn/checkpoint/weights_hash.h"
#include "store/evaluation_store.h"
#include "store/run_store.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMostMeasured = 60;  ///< rows of a card's table

struct ExportOrder {
  fs::path checkpoint, out;
  std::string format;
};

/// Settings of a training that a reader of the card wants to know, by their names there.
constexpr std::pair<const char*, const char*> kSettings[] = {
    {"batch", "batch"}, {"lr", "learning rate"}, {"weight_decay", "weight decay"}, {"warmup", "warm-up"}};

void addRun(const store::RunRow& run, nn::ModelCard& card) {
  card.dataset = run.dataset;
  card.training.emplace_back("size", run.size);
  card.training.emplace_back("steps", cat(run.step, run.stepsTotal > run.step ? cat(" of ", run.stepsTotal) : ""));
  card.training.emplace_back("device", run.device);
  const json settings = json::parse(run.settings, nullptr, false);
  for (const auto& [key, name] : kSettings) {
    if (settings.is_object() && settings.contains(key)) {
      card.training.emplace_back(name,
                                 settings[key].is_string() ? settings[key].get<std::string>() : settings[key].dump());
    }
  }
  card.training.emplace_back("finished", run.finishedAt);
}

/// The newest number of each kind of measurement of these very weights.
void addMeasured(const std::vector<store::EvaluationRow>& rows, nn::ModelCard& card) {
  std::map<std::string, nn::ModelCard::Measured> newest;
  for (const store::EvaluationRow& row : rows) {
    const std::string what = cat(row.kind, row.adapter.empty() ? "" : cat(", ", row.adapter),
                                 row.shots > 0 ? cat(", ", row.shots, " shots") : "");
    newest[cat(what, "\n", row.dataset, "\n", row.split, "\n", row.metric)] = {
        what, cat(row.dataset, row.split.empty() ? "" : cat(" (", row.split, ")")), row.metric, cat(row.value)};
  }
  for (auto& [key, one] : newest) {
    if (card.measured.size() < kMostMeasured) {
      card.measured.push_back(std::move(one));
    }
  }
}

/// What the workspace knows of the checkpoint.
Result<nn::ModelCard> cardOf(const Session& session, const fs::path& checkpoint) {
  const fs::path place = fs::absolute(checkpoint).lexically_normal();
  nn::ModelCard card{.name = (place.has_filename() ? place : place.parent_path()).filename().string()};
  if (session.workspace.empty()) {
    return card;
  }
  LIX_TRY(const auto workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  const auto run = store::RunStore(workspace).findByOut(place);
  if (run) {
    addRun(*run, card);
  } else if (run.error().code != ErrorCode::NotFound) {
    return std::unexpected(run.error());
  }
  LIX_TRY(const std::string hash, nn::weightsHash(checkpoint));
  LIX_TRY(const auto rows, store::EvaluationStore(workspace).list({.weightsHash = hash}));
  addMeasured(rows, card);
  return card;
}

Result<Output> exportOne(const Session& session, const ExportOrder& order) {
  LIX_TRY(const nn::ModelCard card, cardOf(session, order.checkpoint));
  LIX_TRY(const nn::Exported exported,
          nn::exportCheckpoint(order.checkpoint, order.out, *nn::exportFormatNamed(order.format), card));
  std::string text = cat("Exported ", order.checkpoint.string(), " to ", order.out.string(), " (", order.format, ")\n");
  for (const std::string& file : exported.files) {
    text += cat("  ", file, "\n");
  }
  for (const std::string& note : exported.notes) {
    text += cat("  ", note, "\n");
  }
  return Output{{{"checkpoint", order.checkpoint.string()},
                 {"out", order.out.string()},
                 {"format", order.format},
                 {"files", exported.files},
                 {"notes", exported.notes}},
                text};
}

}  // namespace

void addExportVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<ExportOrder>();
  CLI::App* verb = app.add_subcommand("export", "A checkpoint as transformers, OpenCLIP or the Llip release keep it");
  verb->add_option("checkpoint", order->checkpoint, "Folder of the checkpoint")->required();
  verb->add_option("--format", order->format,
                   "hf: SigLIP and CLIP for transformers; open_clip: for OpenCLIP; llip: a Llip")
      ->required()
      ->check(CLI::IsMember({"hf", "open_clip", "llip"}));
  verb->add_option("--out", order->out, "Folder to make")->required();
  verb->footer("With --workspace the model card (README.md) tells the training and what was measured.");
  verb->callback([&session, order] { session.action = [&session, order] { return exportOne(session, *order); }; });
}

}  // namespace lix::app
