#include "study/features/feature_writer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <unordered_map>

#include "base/text.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"

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

Captions captionsOf(const data::Dataset& dataset, const std::vector<std::size_t>& samples) {
  Captions captions;
  std::unordered_map<std::string, std::int64_t> known;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const std::string& caption : dataset.samples[samples[i]].captions) {
      const auto [at, fresh] = known.emplace(caption, std::int64_t(captions.distinct.size()));
      if (fresh) {
        captions.distinct.push_back(caption);
      }
      captions.rows.push_back(caption);
      captions.owner.push_back(std::int64_t(i));
      captions.which.push_back(at->second);
    }
  }
  return captions;
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
  const Captions captions = captionsOf(dataset, pictures.samples);
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
