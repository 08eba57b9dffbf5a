#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "lixp/train_run.h"
#include "study/train/params.h"

namespace lix::app {
namespace fs = std::filesystem;
Result<study::TrainSettings> agree(const study::TrainSettings& kept, const TrainOrder& order) {
  const auto before = nlohmann::json::parse(study::toJson(kept));
  const auto asked = nlohmann::json::parse(study::toJson(order.settings));
  for (const auto& [option, name] : order.options) {
    if (option->count() == 0 || name == "--micro-batch") {  // which may change: the trainer says so
      continue;
    }
    // "--learning-rate" is the key "learningRate", the positional recipe is "recipe".
    std::string key;
    for (const char c : name) {
      if (c == '-') {
        key += key.empty() ? "" : "-";
      } else {
        key += !key.empty() && key.back() == '-' ? (key.pop_back(), static_cast<char>(std::toupper(c))) : c;
      }
    }
    if (before.at(key) != asked.at(key)) {
      return fail(ErrorCode::BadInput, cat("The run was begun with ", name, " ", before.at(key).dump(), ", not ", asked.at(key).dump(),
                                           "; leave the option out to go on, or start a new run with --init."));
    }
  }
  study::TrainSettings settings = kept;
  settings.microBatch = order.settings.microBatch != 0 ? order.settings.microBatch : kept.microBatch;
  return settings;
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
  return line + cat("  ", fixed(value("images_per_second"), 0), " images/s");
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
