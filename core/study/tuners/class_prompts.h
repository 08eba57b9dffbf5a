#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"

namespace lix::study::tuners {

/// Where the class name stands: behind the learned tokens, between their halves, or before them (CoOp,
/// arXiv 2109.01134, its three positions).
enum class NamePlace { End, Middle, Front };

/// A sentence for every class: "<words> <name>.", or the learned tokens and "<name>." where `words` is empty.
struct PromptPlan {
  std::string words = "a photo of a";
  std::int64_t count = 0;  ///< learned tokens n: the first n of the words (the others stay as they are). 0 = all of
                           ///< them, or 16 without words
  NamePlace place = NamePlace::End;
};

/// The sentences of C classes as the text tower reads them; L is its context length, or the longest sentence where it
/// is causal.
struct ClassPrompts {
  at::Tensor ids;        ///< [C, L]; the learned tokens hold an id that is no end mark
  at::Tensor fixed;      ///< [C, L, W_t] token embeddings; those of the learned tokens mean nothing
  at::Tensor positions;  ///< [C, n] where the learned tokens stand
  at::Tensor start;      ///< [n, W_t] embeddings of the words' first n tokens; undefined without words

  std::int64_t classes() const { return positions.size(0); }
  std::int64_t count() const { return positions.size(1); }
  std::int64_t width() const { return fixed.size(2); }
};

/// Refuses a sentence that the context does not hold, more learned tokens than the words have, and fewer with a name
/// that does not stand at the end. '_' in a name is read as ' '. Not of MLP heads.
Result<ClassPrompts> makeClassPrompts(const Evaluator& evaluator, const std::vector<std::string>& names,
                                      const PromptPlan& plan);

/// Token embeddings [C, L, W_t] with the learned ones in place: `context` [n, W_t] for all classes or [C, n, W_t].
at::Tensor withContext(const ClassPrompts& prompts, const at::Tensor& context);

}  // namespace lix::study::tuners
