#pragma once
#include <span>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "lixp/demo_plan.h"
#include "lixp/report_html.h"
#include "lixp/report_numbers.h"
#include "store/curve.h"

namespace lix::app {

/// One sentence on what the differences say, whichever way they came out.
std::string headline(const std::vector<PairedDifference>& differences, const std::string& first,
                     const std::string& second);
/// One sentence a label set, as an HTML list.
std::string differenceSentences(const std::vector<PairedDifference>& differences, const std::string& first,
                                const std::string& second);
/// Mean over shots by adapter; the other by shots. In percentage points.
HtmlTable differenceTable(const std::vector<PairedDifference>& differences, const std::string& first,
                          const std::string& second);
HtmlTable differenceTableByShots(const std::vector<PairedDifference>& differences);
/// Top-1 of every checkpoint on every label set.
HtmlTable zeroShotTable(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan);
/// Mean and interval by adapter and checkpoint over shots.
HtmlTable fewShotTable(std::span<const store::CurvePoint> points, const std::vector<std::string>& labels,
                       const std::string& caption);

nlohmann::json toJson(const PairedDifference& difference, const std::string& first, const std::string& second);
nlohmann::json toJson(const store::CurvePoint& point);

/// A share as percentage points with its sign: "+1.2", "\u22120.4".
std::string points(double share);

}  // namespace lix::app
