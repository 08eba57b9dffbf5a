#include "shared/models_folder.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "base/text.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

bool isCheckpoint(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored) && fs::exists(folder / "model.safetensors", ignored);
}

std::vector<fs::path> placesOfModels() {
  if (const char* given = std::getenv("LIX_MODELS"); given != nullptr && *given != '\0') {
    return {given};
  }
  std::vector<fs::path> places;
  std::error_code unreadable;
  if (const auto self = fs::read_symlink("/proc/self/exe", unreadable); !unreadable) {
    places.push_back((self.parent_path() / "../share/lixplorer/models").lexically_normal());
  }
  places.emplace_back(LIX_SOURCE_MODELS);
  return places;
}

std::vector<std::string> missingIn(const fs::path& place) {
  std::vector<std::string> missing;
  for (const ShippedModel& one : kShippedModels) {
    if (!isCheckpoint(place / one.folder)) {
      missing.emplace_back(one.folder);
    }
  }
  return missing;
}

}  // namespace

Result<fs::path> modelsFolder() {
  const auto places = placesOfModels();
  std::vector<std::string> names;
  for (const fs::path& place : places) {
    if (missingIn(place).empty()) {
      return fs::absolute(place).lexically_normal();
    }
    names.push_back(place.string());
  }
  return fail(ErrorCode::NotFound,
              cat("The shipped checkpoints ", join(missingIn(places.back()), ", "), " are not in ", join(names, " or "),
                  "; name the folder that holds them as LIX_MODELS, or train everything here with 'lixp demo "
                  "--from-scratch'."));
}

}  // namespace lix::app
