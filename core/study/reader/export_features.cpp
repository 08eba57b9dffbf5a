#include "study/reader/export_features.h"

#include "study/features/feature_writer.h"

namespace lix::study {

Result<ExportedFeatures> exportFeatures(const std::filesystem::path& checkpoint, const data::Dataset& dataset,
                                        const std::filesystem::path& out,
                                        const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  LIX_TRY(const Evaluator evaluator, openEvaluator(checkpoint));
  LIX_TRY(const FeatureSummary written, writeFeatures(evaluator, checkpoint, dataset, out, cache, progress));
  return ExportedFeatures{written.pictures, written.captions, written.skipped.size(), written.width};
}

}  // namespace lix::study
