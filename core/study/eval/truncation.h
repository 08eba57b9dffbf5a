#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "study/eval/embed.h"
#include "study/eval/zero_shot_templates.h"

namespace lix::study {

/// One sentence that says how many of `texts` (called `what`) are longer than the model reads, "" where none is. An
/// evaluator without towers reads none.
std::string truncationNote(const Evaluator& evaluator, const std::vector<std::string>& texts,
                           std::string_view what = "captions");

/// The same of the prompts of classes.
std::string truncationNote(const Evaluator& evaluator, const std::vector<std::string>& classes,
                           const Templates& templates);

}  // namespace lix::study
