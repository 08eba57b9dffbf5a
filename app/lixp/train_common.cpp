#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "lixp/train_run.h"
#include "study/train/params.h"

namespace lix::app {
namespace fs = std::filesystem;

std::vector<Difference> differencesOf(const study::TrainSettings& before, const study::TrainSettings& now) {
  std::vector<Difference> found;
  const auto compare = [&](const std::string& option, const auto& was, const auto& is) {
    if (was != is) {
      found.push_back({option, nlohmann::json(was).dump(), nlohmann::json(is).dump()});
    }
  };
  compare("recipe", before.recipe, now.recipe);
  compare("--data", before.data, now.data);
  compare("--init", before.init, now.init);
  compare("--size", before.size, now.size);
  for (const study::TrainField& field : study::trainFields()) {
    std::visit([&](auto at) { compare(field.option(), before.*at, now.*at); }, field.member);
  }
  return found;
}

Result<study::TrainSettings> agree(const study::TrainSettings& kept, const TrainOrder& order) {
  for (const Difference& one : differencesOf(kept, order.settings)) {
    const auto given = std::ranges::find(order.options, one.option, &std::pair<CLI::Option*, std::string>::second);
    if (given == order.options.end() || given->first->count() == 0 || one.option == "--micro-batch") {
      continue;  // the micro-batch may change: the trainer says so
    }
    return fail(ErrorCode::BadInput, cat("The run was begun with ", one.option, " ", one.before, ", not ", one.now,
                                         "; leave the option out to go on, or start a new run with --init."));
  }
  study::TrainSettings settings = kept;
  settings.microBatch = order.settings.microBatch != 0 ? order.settings.microBatch : kept.microBatch;
  return settings;
}

int askedMicroBatch(const TrainOrder& order) {
  const bool asked = std::ranges::any_of(
      order.options, [](const auto& option) { return option.second == "--micro-batch" && option.first->count() > 0; });
  return asked ? order.settings.microBatch : 0;
}

void noteSkipped(const Session& session, const study::Pack& pack) {
  if (pack.skipped() > 0) {
    session.note(cat("Left out of '", pack.name(), "': ", pack.skipped(), pack.skipped() == 1 ? " entry" : " entries, the first",
                     " (", pack.firstSkipped(), ")"));
  }
}

bool isCheckpoint(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored);
}

fs::path placeOf(const fs::path& folder) {
  const fs::path normal = fs::absolute(folder).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

void completePaths(study::TrainSettings& settings) {
  const auto complete = [](std::string& path) {
    if (!path.empty()) {
      path = placeOf(path).string();
    }
  };
  complete(settings.init);
  std::error_code ignored;
  const bool features = study::isFeatureFile(settings.data);
  if (features || fs::exists(fs::path(settings.data) / "pack.json", ignored)) {
    complete(settings.data);
  }
  if (features && settings.towers.empty()) {  // nothing else can learn on them
    settings.towers = "heads";
  }
  if (settings.recipe.ends_with(".json")) {
    complete(settings.recipe);
  }
}

void lowerRateForPostTraining(const Session& session, TrainOrder& order) {
  const bool given = std::ranges::any_of(
      order.options, [](const auto& option) { return option.second == "--learning-rate" && option.first->count() > 0; });
  if (!order.settings.init.empty() && !given) {
    order.settings.learningRate = std::get<double>(study::trainParam("learning_rate", study::TrainStart::Checkpoint).value);
    session.note(cat("Post-training at a peak learning rate of ", order.settings.learningRate,
                     ", a tenth of the usual one; give --learning-rate for another."));
  }
}

Result<void> checkOut(const fs::path& out) {
  std::error_code ignored;
  if (isCheckpoint(out)) {
    return fail(ErrorCode::BadInput, cat(out.string(), " holds a checkpoint already; continue it with --resume, or choose another --out."));
  }
  if (fs::exists(out, ignored) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored))) {
    return fail(ErrorCode::BadInput, cat(out.string(), " exists already and the run would replace it; choose another --out."));
  }
  LIX_TRY(const fs::path probe, detail::makeTemporaryFolder(out));
  detail::removeQuietly(probe);
  return {};
}

Result<std::string> deviceFor(const std::string& asked) {
  if (asked == "cuda") {
    return fail(ErrorCode::Unsupported, "This build trains on the CPU only; use --device cpu.");
  }
  return "cpu";
}

std::string stepLine(int step, const std::map<std::string, double>& series) {
  const auto value = [&](const char* name) {
    const auto found = series.find(name);
    return found == series.end() ? 0.0 : found->second;
  };
  std::string line = cat("step ", step);
  if (!series.contains("loss")) {
    return step == 0 ? line : line + "  skipped";
  }
  line += cat("  loss ", fixed(value("loss"), 4));
  if (series.contains("effective_neighbours")) {
    line += cat("  tau_ctx ", fixed(value("tau_ctx"), 4), "  neighbours ", fixed(value("effective_neighbours"), 1));
  }
  return line + cat("  ", fixed(value("images_per_second"), value("images_per_second") < 10.0 ? 1 : 0), " images/s");
}

Output trainOutput(const study::TrainSettings& settings, study::TrainEnd end, const std::filesystem::path& out,
                   const std::map<std::string, double>& series, const std::vector<std::string>& notices) {
  const char* how = end == study::TrainEnd::Done ? "done" : end == study::TrainEnd::Stopped ? "stopped" : "cancelled";
  Output output;
  output.json = {{"status", how}, {"checkpoint", out.string()}, {"recipe", settings.recipe}, {"steps", settings.steps},
                 {"last", series}, {"notices", notices}};
  output.text = cat(how, ": ", out.string(), "\n");
  if (end == study::TrainEnd::Stopped) {
    output.json["resume"] = cat("lixp train --resume ", out.string());
    output.text += cat("Continue it with: lixp train --resume ", out.string(), "\n");
  }
  return output;
}

}  // namespace lix::app
