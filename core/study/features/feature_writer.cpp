#include "study/features/feature_writer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "base/text.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/features/npy_features.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kCaptionsAtOnce = 1024;

/// Lines as UTF-8 bytes; breaks within a line become spaces.
at::Tensor linesOf(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    std::ranges::replace(line, '\n', ' ');
  }
  const std::string text = join(lines, "\n");
  at::Tensor bytes = at::empty({static_cast<std::int64_t>(text.size())}, at::kByte);
  std::memcpy(bytes.data_ptr(), text.data(), text.size());
  return bytes;
}

/// The first set of labels, where there is one, so that the file can be evaluated as vectors of one's own.
void addLabels(const data::Dataset& dataset, const std::vector<std::size_t>& samples,
               std::map<std::string, at::Tensor>& tensors) {
  if (dataset.labelSets.empty() || dataset.labelSets[0].classes.empty()) {
    return;
  }
  std::vector<std::int64_t> labels;
  for (const std::size_t sample : samples) {
    labels.push_back(dataset.samples[sample].labels[0]);
  }
  tensors.emplace("labels", at::tensor(labels, at::kLong));
  tensors.emplace("classes", linesOf(dataset.labelSets[0].classes));
}

/// Unit vectors of distinct captions.
Result<at::Tensor> captionVectors(const Evaluator& evaluator, const std::vector<std::string>& captions,
                                  const Progress& progress) {
  std::vector<at::Tensor> blocks;
  for (std::size_t begin = 0; begin < captions.size(); begin += kCaptionsAtOnce) {
    if (!report(progress, "Encoding captions", static_cast<long long>(begin),
                static_cast<long long>(captions.size()))) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled.");
    }
    const auto end = begin + std::min(kCaptionsAtOnce, captions.size() - begin);
    blocks.push_back(
        embedCaptions(evaluator, {captions.begin() + std::ptrdiff_t(begin), captions.begin() + std::ptrdiff_t(end)})
            .embeds);
  }
  return nn::unit(at::cat(blocks));
}

/// Captions of the encoded pictures, row by row, and which distinct one each is.
struct Captions {
  std::vector<std::string> rows, distinct;
  std::vector<std::int64_t> owner, which;
};

Captions captionsOf(const data::Dataset& dataset, const std::vector<std::size_t>& samples, std::size_t mostOfOne) {
  Captions captions;
  std::unordered_map<std::string, std::int64_t> known;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& all = dataset.samples[samples[i]].captions;
    for (std::size_t k = 0; k < std::min(all.size(), mostOfOne); ++k) {
      const auto [at, fresh] = known.emplace(all[k], std::int64_t(captions.distinct.size()));
      if (fresh) {
        captions.distinct.push_back(all[k]);
      }
      captions.rows.push_back(all[k]);
      captions.owner.push_back(std::int64_t(i));
      captions.which.push_back(at->second);
    }
  }
  return captions;
}

/// A matrix as plain floats; the tensor must outlive it.
RowsView rowsOf(const at::Tensor& matrix) {
  return {{matrix.data_ptr<float>(), std::size_t(matrix.numel())}, std::size_t(matrix.size(0)), std::size_t(matrix.size(1))};
}

/// The vectors of pictures, and of their first captions where every one has some, for NumPy.
Result<FeatureSummary> writeNpy(const Evaluator& evaluator, const data::Dataset& dataset, const ImageFeatures& pictures,
                                const fs::path& out, const Progress& progress) {
  const at::Tensor images = unitVectors(evaluator, pictures).contiguous();
  const Captions captions = captionsOf(dataset, pictures.samples, 1);
  FeatureSummary summary{pictures.samples.size(), 0, static_cast<int>(images.size(1)), pictures.skipped};
  at::Tensor texts = at::empty({0, images.size(1)}, at::kFloat);
  if (captions.rows.size() == pictures.samples.size()) {
    LIX_TRY(const at::Tensor distinct, captionVectors(evaluator, captions.distinct, progress));
    texts = distinct.index_select(0, at::tensor(captions.which, at::kLong)).contiguous();
    summary.captions = captions.rows.size();
  }
  LIX_CHECK(writeNpyFeatures(out, dataset, pictures.samples, rowsOf(images), rowsOf(texts)));
  return summary;
}

}  // namespace

Result<FeatureSummary> writeFeatures(const Evaluator& evaluator, const fs::path& checkpoint,
                                     const data::Dataset& dataset, const fs::path& out,
                                     const std::optional<fs::path>& cache, const Progress& progress) {
  if (evaluator.base) {
    return fail(ErrorCode::Unsupported,
                cat(checkpoint.string(), " is a checkpoint of heads; take the checkpoint that they stand on."));
  }
  std::vector<std::size_t> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  LIX_TRY(const ImageFeatures pictures, embedPictures(evaluator, dataset, all, cache, progress));
  if (out.extension() == ".npy") {
    return writeNpy(evaluator, dataset, pictures, out, progress);
  }
  const Captions captions = captionsOf(dataset, pictures.samples, std::numeric_limits<std::size_t>::max());
  if (captions.rows.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", dataset.name, "' has no captions, without which no heads can be trained."));
  }
  LIX_TRY(const at::Tensor distinct, captionVectors(evaluator, captions.distinct, progress));
  std::vector<std::int64_t> splits, hashes;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < pictures.samples.size(); ++i) {
    const data::Sample& sample = dataset.samples[pictures.samples[i]];
    splits.push_back(static_cast<std::int64_t>(sample.split));
    hashes.push_back(static_cast<std::int64_t>(pictures.hashes[i]));
    names.push_back(sample.key);
  }
  std::map<std::string, at::Tensor> tensors{
      {"image_features", unitVectors(evaluator, pictures)},
      {"text_features", distinct.index_select(0, at::tensor(captions.which, at::kLong))},
      {"caption_of", at::tensor(captions.owner, at::kLong)},
      {"split", at::tensor(splits, at::kLong)},
      {"picture_hash", at::tensor(hashes, at::kLong)},
      {"names", linesOf(std::move(names))},
      {"captions", linesOf(captions.rows)}};
  addLabels(dataset, pictures.samples, tensors);
  std::error_code failed;
  const fs::path absolute = fs::weakly_canonical(checkpoint, failed);
  LIX_CHECK(nn::saveTensors(out, tensors,
                            {{"name", dataset.name},
                             {"base", (failed ? checkpoint : absolute).string()},
                             {"base_hash", evaluator.checkpoint.weightsHash.text()}}));
  return FeatureSummary{pictures.samples.size(), captions.rows.size(), static_cast<int>(distinct.size(1)),
                        pictures.skipped};
}

}  // namespace lix::study
