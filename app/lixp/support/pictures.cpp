#include "lixp/support/pictures.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.h"
#include "data/file_pictures.h"
#include "nn/ops/tensor.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

Result<void> addFolder(const fs::path& folder, std::vector<data::PictureRef>& found) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (data::hasPictureExtension(at->path())) {
      files.push_back(fs::absolute(at->path()).lexically_normal());
    }
  }
  if (failed || files.empty()) {
    return fail(failed ? ErrorCode::Io : ErrorCode::BadInput,
                cat("The folder ", folder.string(), failed ? " cannot be read: " + failed.message() + "." : " holds no pictures."));
  }
  std::ranges::sort(files);
  for (fs::path& file : files) {
    found.push_back(data::PictureRef::ofFile(std::move(file)));
  }
  return {};
}

/// One dataset's share of the pictures, as samples of a Dataset.
struct Part {
  data::Dataset dataset;
  std::vector<std::size_t> samples;  ///< in `dataset`
  std::vector<std::size_t> items;    ///< where each stands among the pictures asked for
};

/// Files as a dataset of their own; "" in the map.
void addFiles(const std::vector<data::PictureRef>& pictures, Part& part) {
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (pictures[i].isFile()) {
      part.samples.push_back(files.size());
      part.items.push_back(i);
      part.dataset.samples.push_back({.key = pictures[i].file.string(), .captions = {}, .labels = {}});
      files.push_back(pictures[i].file);
    }
  }
  part.dataset.name = "pictures";
  part.dataset.pictures = std::make_shared<data::FilePictures>(std::move(files));
}

Result<std::map<std::string, Part>> partsOf(const store::Workspace& workspace,
                                            const std::vector<data::PictureRef>& pictures) {
  std::map<std::string, Part> parts;
  if (std::ranges::any_of(pictures, &data::PictureRef::isFile)) {
    addFiles(pictures, parts[""]);
  }
  std::map<std::string, std::map<std::string, std::size_t>> keys;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const data::PictureRef& one = pictures[i];
    if (one.isFile()) {
      continue;
    }
    Part& part = parts[one.dataset];
    auto& known = keys[one.dataset];
    if (known.empty()) {
      LIX_TRY(part.dataset, openDataset(&workspace, one.dataset));
      for (std::size_t k = 0; k < part.dataset.samples.size(); ++k) {
        known.emplace(part.dataset.samples[k].key, k);
      }
    }
    const auto found = known.find(one.key);
    if (found == known.end()) {
      return fail(ErrorCode::NotFound, cat("The dataset '", one.dataset, "' has no picture '", one.key,
                                           "'; lixp data show ", one.dataset, " names some."));
    }
    part.samples.push_back(found->second);
    part.items.push_back(i);
  }
  return parts;
}

}  // namespace

Result<std::vector<data::PictureRef>> picturesNamed(const store::Workspace& workspace,
                                                    const std::vector<std::string>& words) {
  std::vector<data::PictureRef> found;
  LIX_TRY(const auto datasets, datasetNames(&workspace));
  for (const std::string& word : words) {
    std::error_code ignored;
    const auto colon = word.find(':');
    if (fs::is_directory(word, ignored)) {
      LIX_CHECK(addFolder(word, found));
    } else if (fs::exists(word, ignored)) {
      found.push_back(data::PictureRef::ofFile(fs::absolute(word).lexically_normal()));
    } else if (colon != std::string::npos && std::ranges::find(datasets, word.substr(0, colon)) != datasets.end()) {
      found.push_back(data::PictureRef::sample(word.substr(0, colon), word.substr(colon + 1)));
    } else {
      return fail(ErrorCode::NotFound, cat("'", word, "' is no file or folder, and no DATASET:KEY of the datasets ",
                                           join(datasets, ", "), "."));
    }
  }
  return found;
}

Result<NamedPictures> embedNamed(const Session& session, const store::Workspace& workspace,
                                 const study::Evaluator& evaluator, const std::vector<data::PictureRef>& pictures) {
  const std::optional<fs::path> cache =
      workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
  LIX_TRY(const auto parts, partsOf(workspace, pictures));
  NamedPictures named;
  std::vector<at::Tensor> blocks;
  for (const auto& [name, part] : parts) {
    LIX_TRY(const study::ImageFeatures rows,
            study::embedPictures(evaluator, part.dataset, part.samples, cache, session.progress()));
    std::size_t at = 0;
    for (std::size_t i = 0; i < rows.samples.size(); ++i, ++at) {
      while (part.samples[at] != rows.samples[i]) {  // what was skipped
        ++at;
      }
      named.pictures.push_back(pictures[part.items[at]]);
    }
    named.hashes.insert(named.hashes.end(), rows.hashes.begin(), rows.hashes.end());
    named.skipped.insert(named.skipped.end(), rows.skipped.begin(), rows.skipped.end());
    blocks.push_back(study::unitVectors(evaluator, rows));
  }
  if (blocks.empty()) {
    return fail(ErrorCode::BadInput, "There are no pictures to read.");
  }
  named.vectors = at::cat(blocks).contiguous();
  return named;
}

}  // namespace lix::app
