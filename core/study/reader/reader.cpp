#include "study/reader/reader.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <new>
#include <numeric>

#include "base/contracts.h"
#include "base/parallel.h"
#include "base/text.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "study/eval/embed.h"
#include "study/eval/zero_shot.h"
#include "study/inspect/memory.h"

namespace lix::study {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kCaptionBlock = 64;  // captions between two looks whether to stop
constexpr std::size_t kTokenBlock = 4096;  // and where they meet no tower

/// Runs `work()`, which returns a Result, and turns what LibTorch throws into its error: the windows' threads know no
/// exceptions.
template <class Work>
auto guarded(const ReaderFacts& facts, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::NoMemory, cat("There is not enough memory to use ", facts.name,
                                         "; close other programs, or take fewer pictures."));
  } catch (const std::exception& exception) {
    const std::string text = exception.what();
    return fail(ErrorCode::BadInput, cat("The checkpoint ", facts.folder.string(),
                                         " cannot be used: ", text.substr(0, text.find('\n')), "."));
  }
}

std::vector<float> values(const at::Tensor& tensor) {
  const at::Tensor own = tensor.to(at::kFloat).contiguous();
  return {own.data_ptr<float>(), own.data_ptr<float>() + own.numel()};
}

Vectors vectors(const at::Tensor& rows) { return {std::size_t(rows.size(1)), values(rows)}; }

Result<void> checkPicture(const imaging::Image& picture) {
  const bool whole = picture.width > 0 && picture.height > 0 &&
                     picture.pixels.size() == std::size_t(picture.width) * std::size_t(picture.height) * 3;
  return whole ? Result<void>()
               : fail(ErrorCode::BadInput, cat("A picture of ", picture.width, " x ", picture.height, " pixels holds ",
                                               picture.pixels.size(), " bytes; read it anew from its file."));
}

Result<void> checkClasses(const std::vector<std::string>& classes) {
  if (classes.empty()) {
    return fail(ErrorCode::BadInput, "There are no class names; give at least one.");
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!isUtf8(classes[i]) || trim(classes[i]).empty()) {
      return fail(ErrorCode::BadInput, cat("The name of class ", i + 1, " is ",
                                           isUtf8(classes[i]) ? "empty; type one." : "not UTF-8; type it anew."));
    }
  }
  return {};
}

Result<void> checkCaptions(const std::vector<std::string>& captions) {
  if (captions.empty()) {
    return fail(ErrorCode::BadInput, "There are no captions; give at least one.");
  }
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (!isUtf8(captions[i]) || trim(captions[i]).empty()) {
      return fail(ErrorCode::BadInput, cat("Caption ", i + 1, " is ",
                                           isUtf8(captions[i]) ? "empty; type one." : "not UTF-8; type it anew."));
    }
  }
  return {};
}

/// Pictures at hand as a dataset's.
class Held final : public data::PictureSource {
 public:
  explicit Held(std::span<const imaging::Image> pictures) : pictures_(pictures) {}
  Result<imaging::Image> load(std::size_t index) const override {
    LIX_CHECK(checkPicture(pictures_[index]));
    return pictures_[index];
  }

 private:
  std::span<const imaging::Image> pictures_;
};

std::vector<std::size_t> upTo(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

Features featuresOf(ImageFeatures rows) {
  Features features{.items = rows.samples, .hashes = rows.hashes, .skipped = rows.skipped};
  features.rows = std::make_shared<const ImageFeatures>(std::move(rows));
  return features;
}

ReaderFacts factsOf(const fs::path& folder, const Evaluator& evaluator) {
  const nn::ModelConfig& config = evaluator.checkpoint.model.config;
  ReaderFacts facts{.folder = folder,
                    .name = folder.filename().string(),
                    .recipe = evaluator.checkpoint.recipe,
                    .weightsHash = evaluator.checkpoint.weightsHash.text(),
                    .towerKey = cat(evaluator.checkpoint.weightsHash.text(), "|", evaluator.preprocess.key()),
                    .mixture = evaluator.isMixture(),
                    .rule = logitRule(evaluator),
                    .imageSize = config.imageSize,
                    .contextLength = config.contextLength,
                    .embedWidth = config.embedWidth};
  if (const auto tau = contextTau(evaluator, {})) {
    facts.tauContext = tau->value;
  }
  if (config.mixesByCaption()) {
    facts.tauMixture = config.mixture->tau;
    facts.heads = config.mixture->heads;
    facts.tokens = config.mixtureTokens();
  }
  for (const auto& [name, parameter] : evaluator.checkpoint.model.parameters) {
    facts.parameters += parameter.numel();
  }
  return facts;
}

}  // namespace

Reader::Reader(std::unique_ptr<const Evaluator> evaluator)
    : evaluator_(std::move(evaluator)), memory_(std::make_unique<InspectMemory>()) {}
Reader::~Reader() = default;

Result<std::shared_ptr<const Reader>> Reader::open(const fs::path& checkpoint) {
  std::error_code code;
  fs::path folder = fs::absolute(checkpoint, code).lexically_normal();
  folder = code ? checkpoint : folder.has_filename() ? folder : folder.parent_path();
  const ReaderFacts named{.folder = folder, .name = folder.filename().string()};
  return guarded(named, [&]() -> Result<std::shared_ptr<const Reader>> {
    LIX_TRY(Evaluator evaluator, openEvaluator(folder));
    std::shared_ptr<Reader> reader(new Reader(std::make_unique<const Evaluator>(std::move(evaluator))));
    reader->facts_ = factsOf(folder, *reader->evaluator_);
    return reader;
  });
}

Result<Features> Reader::embed(const data::Dataset& dataset, const std::vector<std::size_t>& samples,
                               const std::optional<fs::path>& cache, const Progress& progress) const {
  return guarded(facts_, [&]() -> Result<Features> {
    LIX_TRY(ImageFeatures rows, embedPictures(*evaluator_, dataset, samples, cache, progress));
    return featuresOf(std::move(rows));
  });
}

Result<void> Reader::embedInParts(const data::Dataset& dataset, const std::vector<std::size_t>& samples, std::size_t part,
                                  const std::optional<fs::path>& cache,
                                  const std::function<Result<void>(const Features&)>& take, const Progress& progress) const {
  return guarded(facts_, [&]() -> Result<void> {
    const auto opened = openFeatureCache(*evaluator_, cache);
    for (std::size_t begin = 0; begin < samples.size(); begin += part) {
      const std::vector<std::size_t> some(samples.begin() + std::ptrdiff_t(begin),
                                          samples.begin() + std::ptrdiff_t(std::min(begin + part, samples.size())));
      const Progress ofAll = [&](std::string_view what, long long done, long long) {
        return report(progress, what, (long long)(begin) + done, (long long)(samples.size()));
      };
      LIX_TRY(ImageFeatures rows, embedPart(*evaluator_, dataset, some, opened.get(), ofAll));
      LIX_CHECK(take(rows.samples.empty() ? Features{.skipped = std::move(rows.skipped)} : featuresOf(std::move(rows))));
    }
    return {};
  });
}

Result<Features> Reader::embed(std::span<const imaging::Image> pictures) const {
  data::Dataset dataset{.name = "pictures at hand", .pictures = std::make_shared<Held>(pictures)};
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    dataset.samples.push_back({.key = cat("picture ", i + 1)});
  }
  return embed(dataset, upTo(pictures.size()), std::nullopt);
}

Features Reader::joined(std::span<const Features> parts) {
  const at::NoGradGuard noGrad;
  ImageFeatures all;
  std::vector<at::Tensor> blocks;
  for (const Features& part : parts) {
    if (part.rows != nullptr) {
      blocks.push_back(part.rows->vectors);
    }
    all.hashes.insert(all.hashes.end(), part.hashes.begin(), part.hashes.end());
    all.skipped.insert(all.skipped.end(), part.skipped.begin(), part.skipped.end());
  }
  if (blocks.empty()) {
    return {.skipped = std::move(all.skipped)};
  }
  all.vectors = at::cat(blocks);
  all.samples = upTo(all.hashes.size());
  return featuresOf(std::move(all));
}

Vectors Reader::unitVectors(const Features& features) const {
  return features.rows == nullptr ? Vectors{std::size_t(facts_.embedWidth), {}}
                                  : vectors(study::unitVectors(*evaluator_, *features.rows));
}

ContextSet Reader::contextSet(const Features& features) const {
  LIX_REQUIRE(!facts_.mixture);
  return features.rows == nullptr ? ContextSet{.width = std::size_t(facts_.embedWidth)}
                                  : study::contextSet(*features.rows);
}

std::vector<float> Reader::imageVector(const imaging::Image& picture) const {
  LIX_REQUIRE(!facts_.mixture);
  return study::imageVector(*evaluator_, picture);
}

Result<Vectors> Reader::classTexts(const std::vector<std::string>& classes, const std::string& templates) const {
  return guarded(facts_, [&]() -> Result<Vectors> {
    LIX_CHECK(checkClasses(classes));
    LIX_TRY(const Templates found, findTemplates(templates));
    LIX_CHECK(checkPrompts(found, classes));
    return vectors(embedClasses(*evaluator_, classes, found).text);
  });
}

Result<std::vector<float>> Reader::zeroShot(const Features& features, const std::vector<std::string>& classes,
                                            const std::string& templates) const {
  return guarded(facts_, [&]() -> Result<std::vector<float>> {
    LIX_CHECK(checkClasses(classes));
    LIX_TRY(const Templates found, findTemplates(templates));
    LIX_CHECK(checkPrompts(found, classes));
    return features.rows == nullptr
               ? std::vector<float>()
               : values(zeroShotScores(*evaluator_, *features.rows, embedClasses(*evaluator_, classes, found)));
  });
}

Result<Vectors> Reader::captionVectors(const std::vector<std::string>& captions, const Progress& progress) const {
  return guarded(facts_, [&]() -> Result<Vectors> {
    LIX_CHECK(checkCaptions(captions));
    Vectors all{.width = std::size_t(facts_.embedWidth)};
    all.values.reserve(captions.size() * all.width);
    for (std::size_t begin = 0; begin < captions.size(); begin += kCaptionBlock) {
      if (!report(progress, "Encoding captions", static_cast<long long>(begin),
                  static_cast<long long>(captions.size()))) {
        return fail(ErrorCode::Cancelled, "Encoding captions was cancelled.");
      }
      const auto first = captions.begin() + std::ptrdiff_t(begin);
      const auto count = std::min(kCaptionBlock, captions.size() - begin);
      const at::Tensor rows = embedCaptions(*evaluator_, {first, first + std::ptrdiff_t(count)}).embeds;
      const std::vector<float> units = values(nn::unit(rows));
      all.values.insert(all.values.end(), units.begin(), units.end());
    }
    return all;
  });
}

Result<std::vector<CaptionLength>> Reader::captionLengths(const std::vector<std::string>& captions,
                                                          const Progress& progress) const {
  return guarded(facts_, [&]() -> Result<std::vector<CaptionLength>> {
    LIX_CHECK(needTowers(*evaluator_, "Counting tokens"));
    std::vector<CaptionLength> lengths(captions.size());
    for (std::size_t begin = 0; begin < captions.size(); begin += kTokenBlock) {
      if (!report(progress, "Counting tokens", static_cast<long long>(begin), static_cast<long long>(captions.size()))) {
        return fail(ErrorCode::Cancelled, "Counting tokens was cancelled.");
      }
      parallelFor(std::min(kTokenBlock, captions.size() - begin), [&](std::size_t i) {
        const nn::TokenRow row = evaluator_->tokenizer->encode(captions[begin + i], kMostTokensCounted);
        lengths[begin + i] = {row.length, row.length > facts_.contextLength};
      });
    }
    return lengths;
  });
}

Result<Reading> Reader::read(const std::vector<imaging::Image>& pictures, const std::vector<std::string>& captions,
                             const InspectSettings& settings, std::stop_token stop) const {
  return guarded(facts_, [&]() -> Result<Reading> {
    for (const imaging::Image& picture : pictures) {
      LIX_CHECK(checkPicture(picture));
    }
    return inspect(*evaluator_, pictures, captions, settings, memory_.get(), stop);
  });
}

Result<PointingSet> Reader::point(const data::Dataset& dataset, const std::vector<std::size_t>& samples,
                                  const InspectSettings& settings, const Progress& progress) const {
  return guarded(facts_, [&] { return pointingOver(*evaluator_, dataset, samples, settings, progress); });
}

}  // namespace lix::study
