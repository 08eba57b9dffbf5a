#pragma once
#include <string>

#include "study/few_shot/few_shot.h"

namespace lix::app {

/// An adapter as the command line writes it, its settings after colons: "knn:k=5:vote=softmax".
Result<study::FewShotAdapter> adapterFrom(const std::string& text);

}  // namespace lix::app
