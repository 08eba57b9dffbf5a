#include "data/own_templates.h"

namespace lix::data {

namespace fs = std::filesystem;

std::optional<fs::path> ownTemplates(const DatasetSpec& spec) {
  if (spec.kind != "shards") {
    return std::nullopt;
  }
  const std::string first = spec.path.substr(0, spec.path.find("::"));
  fs::path folder = fs::absolute(first.substr(0, first.find('{'))).lexically_normal();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    folder = folder.parent_path();  // of a shard, or of the beginning of a pattern
  }
  const fs::path inside = folder.has_filename() ? folder : folder.parent_path();  // "set/" ends with an empty name
  for (const fs::path& place : {inside, inside.parent_path()}) {
    if (const fs::path file = place / "zeroshot_classification_templates.txt"; fs::is_regular_file(file, ignored)) {
      return file;
    }
  }
  return std::nullopt;
}

}  // namespace lix::data
