#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "lixp/eval/order.h"
#include "lixp/session.h"
#include "lixp/workspace_access.h"
#include "store/evaluation_store.h"
#include "study/eval/encoder_output.h"

namespace lix::app {

void addProbeOptions(CLI::App* verb, ProbeOrder& order);

/// One model and the pictures that are drawn for it; what all rows of its results share.
struct Probe {
  study::Evaluator evaluator;
  data::Dataset dataset;
  std::vector<std::size_t> samples;  ///< drawn, in the order of the dataset
  store::EvaluationRow row;
  std::vector<std::string> notes;
};

/// Opens checkpoint number `which` and draws its pictures: the same ones for every model. `mayDraw` says which pictures
/// may be drawn (with captions, say), nothing for all.
using MayDraw = bool (*)(const data::Sample& sample);
Result<Probe> openProbe(const store::Workspace& workspace, const ProbeOrder& order, std::size_t which,
                        const std::string& kind, MayDraw mayDraw = nullptr);

/// Where features are kept; nothing where the workspace is open for reading only.
std::optional<std::filesystem::path> featureCacheOf(const store::Workspace& workspace);

/// Adds a sentence on pictures that could not be read, if any.
void noteUnread(const std::vector<data::Skipped>& skipped, std::vector<std::string>& notes);

/// One number of a probe as it is stored: a row with what came out beside it.
struct ProbeNumber {
  std::string metric;
  double value = 0.0;
  nlohmann::json findings = nlohmann::json::object();
};
/// Stores all numbers of one evaluation in one transaction, and returns {metric: value, ..., "key": {metric: id}} with
/// the notes.
Result<nlohmann::json> storeNumbers(const store::Workspace& workspace, store::EvaluationRow row,
                                    const nlohmann::json& settings, const std::vector<ProbeNumber>& numbers,
                                    const std::vector<std::string>& notes);

}  // namespace lix::app
