#pragma once
#include "store/evaluation_store.h"
#include "study/eval/embed.h"

namespace lix::app {

/// What results call the vectors of a model where no class or caption mixes them.
inline store::VectorKind vectorKindOf(const study::Evaluator& evaluator) {
  return evaluator.own           ? store::VectorKind::Own
         : evaluator.isMixture() ? store::VectorKind::Pooled
                                 : store::VectorKind::Embedding;
}

/// The same for evaluations by a model's own procedure, in which a Llip mixes its tokens.
inline store::VectorKind procedureKindOf(const study::Evaluator& evaluator) {
  return evaluator.own ? store::VectorKind::Own : store::VectorKind::Embedding;
}

}  // namespace lix::app
