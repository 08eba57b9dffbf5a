#include "lixp/eval/captioned.h"

#include <ATen/ops/cat.h>

#include <algorithm>

#include "study/eval/truncation.h"

namespace lix::app {

Result<nn::TextFeatures> captionsThrough(const Session& session, const study::Evaluator& evaluator,
                                         const std::vector<std::string>& captions) {
  constexpr std::size_t kBlock = 1024;
  const Progress progress = session.progress();
  if (const std::string cut = study::truncationNote(evaluator, captions); !cut.empty()) {
    session.note(cut);
  }
  std::vector<at::Tensor> embeds, queries;
  for (std::size_t begin = 0; begin < captions.size(); begin += kBlock) {
    if (!report(progress, "Encoding captions", static_cast<long long>(begin),
                static_cast<long long>(captions.size()))) {
      return fail(ErrorCode::Cancelled, "Encoding was cancelled.");
    }
    const auto end = captions.begin() + std::ptrdiff_t(std::min(begin + kBlock, captions.size()));
    const nn::TextFeatures part = study::embedCaptions(evaluator, {captions.begin() + std::ptrdiff_t(begin), end});
    embeds.push_back(part.embeds);
    queries.push_back(part.query);
  }
  return nn::TextFeatures{at::cat(embeds), queries.front().defined() ? at::cat(queries) : at::Tensor()};
}

}  // namespace lix::app
