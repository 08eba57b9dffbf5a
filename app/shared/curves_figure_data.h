#pragma once
#include <span>
#include <string>
#include <vector>

#include "figures/curves_figure.h"
#include "shared/result_table.h"
#include "store/curve.h"

namespace lix::app {

/// Which curves are wanted; empty means all.
struct CurvesChoice {
  std::string dataset, labelSet;
  std::vector<std::string> adapters;     ///< ids; without one, all but "zero-shot" at more than 0 shots
  std::vector<std::string> checkpoints;  ///< labels, drawn in this order
};

/// The few-shot points (top-1) that the choice names, as the workspace gives them: rows of kind "few-shot", whose
/// adapter "zero-shot" at 0 shots is the zero-shot point over all classes; and where that one is of pooled vectors (a
/// Llip), also the point of kind "zero-shot" of the same weights, pictures and templates, if there is one.
std::vector<store::CurvePoint> chosenPoints(std::span<const store::EvaluationRow> rows, const CurvesChoice& choice,
                                            const store::OutcomeTable& outcomes = {});

/// An adapter's name in a legend ("Tip-Adapter, searched"); parameters after a colon stay.
std::string adapterTitle(const std::string& adapter);

/// One panel a (dataset, label set), one line a (checkpoint label, adapter) coloured by checkpoint (by line where there is one checkpoint), bands = 95 %
/// interval, zero-shot as the hollow point at 0 of the first line of each (checkpoint label, split, templates,
/// vectors), for a Llip by its own procedure where that was measured; one panel an adapter where a panel would have
/// more than six lines. The notes say how many classes there are at which shots where that differs, what a single draw
/// means, and which vectors of a Llip were used. No panels where there are no points.
figures::CurvesData curvesData(std::span<const store::CurvePoint> points, const CurvesChoice& choice = {});

/// Which vectors adapters and zero-shot points of Llips saw, in sentences; "" without a Llip.
std::string vectorsNote(std::span<const store::CurvePoint> points);

/// Where all series are of one group, as those of a single checkpoint are, its colour would tell nothing: each series gets
/// one of its own.
void colourAllWhereGroupsAreOne(figures::CurvesData& data);

/// Every point as a line of a table: what it is of, n, mean, sd, interval and its kind, and the ids of the rows behind
/// it.
ResultTable curvesTable(std::span<const store::CurvePoint> points);

}  // namespace lix::app
