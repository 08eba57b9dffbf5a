#include "pages/compare/pair_curves.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "shared/curves_figure_data.h"

namespace lix::app {
namespace {

constexpr const char* kZeroShot = "zero-shot";

std::string adapterFor(const std::vector<store::EvaluationRow>& rows, const std::string& wanted) {
  std::set<std::string> present;
  for (const store::EvaluationRow& row : rows) {
    if (row.kind == "few-shot" && row.adapter != kZeroShot) {
      present.insert(row.adapter);
    }
  }
  for (const std::string& one : {wanted, std::string("tip-adapter-x"), std::string("prototype")}) {
    if (present.contains(one)) {
      return one;
    }
  }
  return present.empty() ? "" : *present.begin();
}

}  // namespace

PairCurves pairCurves(std::span<const store::EvaluationRow> rows, const std::array<std::filesystem::path, 2>& folders,
                      const std::string& dataset, const std::string& labelSet, const std::string& wanted,
                      const store::OutcomeTable& outcomes) {
  std::vector<store::EvaluationRow> some;
  std::ranges::copy_if(rows, std::back_inserter(some), [&](const store::EvaluationRow& row) {
    return row.dataset == dataset && row.labelSet == labelSet && row.metric == "top1" &&
           std::ranges::find(folders, row.checkpoint) != folders.end();
  });
  const std::string adapter = adapterFor(some, wanted);
  if (adapter.empty()) {
    return {};
  }
  CurvesChoice choice{.dataset = dataset, .labelSet = labelSet, .adapters = {adapter}, .checkpoints = {}};
  for (const std::filesystem::path& folder : folders) {  // A is drawn first
    const auto row = std::ranges::find(some, folder, &store::EvaluationRow::checkpoint);
    if (row != some.end()) {
      choice.checkpoints.push_back(row->checkpointLabel);
    }
  }
  const figures::CurvesData data = curvesData(chosenPoints(some, choice, outcomes), choice);
  if (data.panels.empty()) {
    return {};
  }
  return {data.panels.front(), cat(data.headings.subtitle, " Bands: ", data.bandLabel, ". ", data.headings.notes)};
}

}  // namespace lix::app
