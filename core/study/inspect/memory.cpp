#include "study/inspect/memory.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/stack.h>

#include "imaging/hash.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"

namespace lix::study {
namespace {

constexpr std::size_t kCaptionBlock = 128;  // captions between two looks whether to stop

std::size_t bytesOf(const nn::TextFeatures& features) {
  return features.embeds.nbytes() + (features.query.defined() ? features.query.nbytes() : 0);
}

}  // namespace

std::shared_ptr<const SeenPicture> InspectMemory::picture(const Evaluator& evaluator, const imaging::Image& picture) {
  const std::uint64_t hash = imaging::contentHash(picture);
  {
    const std::scoped_lock guard(mutex_);
    if (auto known = pictures_.find(hash)) {
      return known;
    }
  }
  // Encoded without the lock: two threads that meet the same new picture both encode it, and the first is kept.
  auto seen = std::make_shared<const SeenPicture>(see(evaluator, picture));
  const std::scoped_lock guard(mutex_);
  ++encodedPictures_;
  pictures_.insert(hash, seen, seen->bytes() + sizeof(SeenPicture));
  return seen;
}

InspectMemory::CaptionRows InspectMemory::encode(const Evaluator& evaluator, const std::vector<std::string>& fresh) {
  const nn::TextFeatures made = embedCaptions(evaluator, fresh);
  CaptionRows rows;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto row = std::int64_t(i);
    rows[fresh[i]] = std::make_shared<const nn::TextFeatures>(nn::TextFeatures{
        made.embeds[row].clone(), made.query.defined() ? made.query[row].clone() : at::Tensor()});
  }
  const std::scoped_lock guard(mutex_);
  encodedCaptions_ += fresh.size();
  for (const auto& [caption, row] : rows) {
    captions_.insert(caption, row, bytesOf(*row) + caption.size() + sizeof(nn::TextFeatures));
  }
  return rows;
}

Result<nn::TextFeatures> InspectMemory::captions(const Evaluator& evaluator, const std::vector<std::string>& captions,
                                                 std::stop_token stop) {
  const at::NoGradGuard noGrad;
  CaptionRows known;
  std::vector<std::string> fresh;
  {
    const std::scoped_lock guard(mutex_);
    for (const std::string& caption : captions) {
      if (!known.contains(caption) && !(known[caption] = captions_.find(caption))) {
        fresh.push_back(caption);
      }
    }
  }
  for (std::size_t begin = 0; begin < fresh.size(); begin += kCaptionBlock) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "Encoding captions was stopped.");
    }
    const auto first = fresh.begin() + std::ptrdiff_t(begin);
    const auto count = std::min(kCaptionBlock, fresh.size() - begin);
    for (auto& [caption, row] : encode(evaluator, {first, first + std::ptrdiff_t(count)})) {
      known[caption] = std::move(row);
    }
  }
  std::vector<at::Tensor> embeds, queries;
  for (const std::string& caption : captions) {
    const nn::TextFeatures& row = *known.at(caption);
    embeds.push_back(row.embeds);
    if (row.query.defined()) {
      queries.push_back(row.query);
    }
  }
  return nn::TextFeatures{at::stack(embeds), queries.empty() ? at::Tensor() : at::stack(queries)};
}

std::size_t InspectMemory::bytes() const {
  const std::scoped_lock guard(mutex_);
  return pictures_.bytes() + captions_.bytes();
}

std::size_t InspectMemory::encodedPictures() const {
  const std::scoped_lock guard(mutex_);
  return encodedPictures_;
}

std::size_t InspectMemory::encodedCaptions() const {
  const std::scoped_lock guard(mutex_);
  return encodedCaptions_;
}

}  // namespace lix::study
