#include "base/text.h"
#include "lixp/train_run.h"

namespace lix::app {

Result<study::TrainSettings> agree(const study::TrainSettings& kept, const TrainOrder& order) {
  const auto before = nlohmann::json::parse(study::toJson(kept));
  const auto asked = nlohmann::json::parse(study::toJson(order.settings));
  for (const auto& [option, name] : order.options) {
    if (option->count() == 0) {
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
  return kept;
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
  std::string line = cat("step ", step, "  loss ", fixed(value("loss"), 4));
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
