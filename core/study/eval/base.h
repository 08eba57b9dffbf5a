#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "study/eval/embed.h"

namespace lix::study {

/// A checkpoint of towers with its preprocessing and tokenizer, which must belong together.
Result<Evaluator> completeEvaluator(nn::Checkpoint checkpoint, const std::filesystem::path& folder);

/// MLP heads with the checkpoint whose features they read: `<folder>/base` where there is such a folder or link, else
/// the path that config.json names, else where that lies if it was moved together with the heads. Its weights must be those that made the features. Heads on a person's own file of
/// features cannot see pictures and are refused.
Result<Evaluator> openHeads(nn::Checkpoint heads, const std::filesystem::path& folder);

/// embedPart for heads: the base's features, from its own part of the cache where it is known there, through the heads.
Result<ImageFeatures> embedThroughBase(const Evaluator& evaluator, const data::Dataset& dataset,
                                       const std::vector<std::size_t>& samples,
                                       FeatureCache* cache, const Progress& progress);

}  // namespace lix::study
