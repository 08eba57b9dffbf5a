#pragma once
#include "lixp/eval/subject.h"

namespace lix::app {

/// Captions through the text tower, with progress.
Result<nn::TextFeatures> captionsThrough(const Session& session, const study::Evaluator& evaluator,
                                         const std::vector<std::string>& captions);

}  // namespace lix::app
