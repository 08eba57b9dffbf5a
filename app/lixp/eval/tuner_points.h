#pragma once
#include <string>
#include <vector>

#include "lixp/eval/subject.h"
#include "study/few_shot/few_shot.h"

namespace lix::app {

/// Whether an entry of --adapters ("maple:epochs=2") learns through the towers (study/tuners), which study::few_shot
/// does not see.
bool isTuner(const std::string& entry);

/// id and parameters of those entries that are such; refuses parameters that they do not have, and an entry twice.
Result<std::vector<study::FewShotAdapter>> tunersOf(const std::vector<std::string>& entries);

/// Learns each of `tuners` on every draw that `result` was made of, on the same classes, support, validation and
/// queries, and adds the points. The seed of a draw seeds what is learned as well. Names are as prompts say them, of
/// several synonyms the first.
Result<void> addTunerPoints(const Subject& subject, const study::ImageFeatures& pool, const study::ImageFeatures& query,
                            const study::FewShotSettings& settings, const std::vector<study::FewShotAdapter>& tuners,
                            const Progress& progress, study::FewShotResult& result);

/// Which vectors the adapter of a point saw: a tuner lets each class mix a Llip's tokens, whatever --vectors says.
store::VectorKind vectorsOf(const Subject& subject, const std::string& adapter);

}  // namespace lix::app
