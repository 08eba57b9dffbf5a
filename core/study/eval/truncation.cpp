#include "study/eval/truncation.h"

#include <algorithm>

#include "base/text.h"

namespace lix::study {

std::string truncationNote(const Evaluator& evaluator, const std::vector<std::string>& texts, std::string_view what) {
  if (evaluator.own || !evaluator.tokenizer) {
    return {};
  }
  const int length = evaluator.checkpoint.model.config.contextLength;
  const auto isCut = [&](const std::string& text) { return evaluator.tokenizer->encode(text, length).truncated; };
  const auto first = std::ranges::find_if(texts, isCut);
  if (first == texts.end()) {
    return {};
  }
  const auto count = 1 + std::count_if(first + 1, texts.end(), isCut);
  constexpr std::size_t kShown = 60;
  std::size_t end = std::min(first->size(), kShown);
  while (end < first->size() && (static_cast<unsigned char>((*first)[end]) & 0xC0) == 0x80) {
    ++end;  // no part of a character
  }
  return cat(count, " of ", texts.size(), " ", what, count == 1 ? " is" : " are", " longer than the ", length,
             " tokens that the model reads and cut off there, the first \"", first->substr(0, end),
             end < first->size() ? "..." : "", "\".");
}

std::string truncationNote(const Evaluator& evaluator, const std::vector<std::string>& classes,
                           const Templates& templates) {
  std::vector<std::string> prompts;
  for (const std::string& name : classes) {
    if (const auto own = promptsOf(templates, name)) {
      prompts.insert(prompts.end(), own->begin(), own->end());
    }
  }
  return truncationNote(evaluator, prompts, "prompts");
}

}  // namespace lix::study
