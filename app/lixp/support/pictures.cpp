#include "lixp/support/pictures.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>

#include "base/parallel.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "imaging/decode.h"
#include "nn/ops/tensor.h"
#include "study/eval/own_vectors.h"

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
                cat("The folder ", folder.string(),
                    failed ? " cannot be read: " + failed.message() + "." : " holds no pictures."));
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

/// Own vectors know the pictures of their own dataset alone.
Result<void> checkOwn(const data::Dataset& own, const std::vector<data::PictureRef>& pictures) {
  const auto other = std::ranges::find_if(pictures, [&](const auto& one) { return one.dataset != own.name; });
  if (other == pictures.end()) {
    return {};
  }
  return fail(ErrorCode::BadInput, cat("The vectors of '", own.name, "' know no picture ", data::shortName(*other),
                                       "; name pictures of theirs as ", own.name, ":KEY, or a checkpoint's folder."));
}

/// The pictures by dataset; `own` stands for the dataset of its name.
Result<std::map<std::string, Part>> partsOf(const store::Workspace& workspace,
                                            const std::vector<data::PictureRef>& pictures, const data::Dataset* own) {
  std::map<std::string, Part> parts;
  if (own != nullptr) {
    LIX_CHECK(checkOwn(*own, pictures));
  }
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
      LIX_TRY(part.dataset, own != nullptr ? Result<data::Dataset>(*own) : openDataset(&workspace, one.dataset));
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
                                                    const std::vector<std::string>& words, const data::Dataset* own) {
  std::vector<data::PictureRef> found;
  LIX_TRY(auto datasets, datasetNames(&workspace));
  if (own != nullptr && std::ranges::find(datasets, own->name) == datasets.end()) {
    datasets.push_back(own->name);
  }
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

Result<void> checkPictures(const Session& session, const store::Workspace& workspace,
                           const std::vector<data::PictureRef>& pictures) {
  constexpr std::size_t kAtOnce = 64;
  LIX_CHECK(partsOf(workspace, pictures, nullptr));
  const Progress progress = session.progress();
  const auto total = static_cast<long long>(pictures.size());
  std::vector<std::string> reasons(pictures.size());
  for (std::size_t begin = 0; begin < pictures.size(); begin += kAtOnce) {
    if (!report(progress, "Checking pictures", static_cast<long long>(begin), total)) {
      return fail(ErrorCode::Cancelled, "Checking the pictures was cancelled.");
    }
    parallelFor(std::min(kAtOnce, pictures.size() - begin), [&](std::size_t i) {
      const data::PictureRef& one = pictures[begin + i];
      if (const auto read = one.isFile() ? imaging::decodeFile(one.file) : imaging::Image(); !read) {
        reasons[begin + i] = read.error().message;
      }
    });
  }
  const auto first = std::ranges::find_if(reasons, [](const std::string& one) { return !one.empty(); });
  const auto count = std::ranges::count_if(reasons, [](const std::string& one) { return !one.empty(); });
  if (count > 0) {
    const std::string more = count > 1 ? cat(" So it is with ", count - 1, " more.") : "";
    return fail(ErrorCode::BadInput, cat(*first, more, " Nothing was added."));
  }
  return {};
}

Result<NamedPictures> embedNamed(const Session& session, const store::Workspace& workspace,
                                 const study::Evaluator& evaluator, const std::vector<data::PictureRef>& pictures) {
  const std::optional<fs::path> cache =
      workspace.isReadOnly() ? std::nullopt : std::optional(workspace.cache() / "features");
  LIX_TRY(const auto parts, partsOf(workspace, pictures, evaluator.own ? &evaluator.own->dataset : nullptr));
  NamedPictures named;
  std::vector<at::Tensor> blocks;
  std::vector<std::size_t> items;
  std::vector<std::uint64_t> hashes;
  for (const auto& [name, part] : parts) {
    LIX_TRY(const study::ImageFeatures rows,
            study::embedPictures(evaluator, part.dataset, part.samples, cache, session.progress()));
    std::size_t at = 0;
    for (std::size_t i = 0; i < rows.samples.size(); ++i, ++at) {
      while (part.samples[at] != rows.samples[i]) {  // what was skipped
        ++at;
      }
      items.push_back(part.items[at]);
    }
    hashes.insert(hashes.end(), rows.hashes.begin(), rows.hashes.end());
    named.skipped.insert(named.skipped.end(), rows.skipped.begin(), rows.skipped.end());
    blocks.push_back(study::unitVectors(evaluator, rows));
  }
  if (blocks.empty()) {
    return fail(ErrorCode::BadInput, "There are no pictures to read.");
  }
  std::vector<std::int64_t> order(items.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::int64_t row) { return items[std::size_t(row)]; });
  for (const std::int64_t row : order) {
    named.pictures.push_back(pictures[items[std::size_t(row)]]);
    named.hashes.push_back(hashes[std::size_t(row)]);
  }
  named.vectors = at::cat(blocks).index_select(0, at::tensor(order, at::kLong)).contiguous();
  return named;
}

}  // namespace lix::app
