#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/curves_figure_data.h"

namespace lix::app {

/// What measurements differ in, and curves are told apart by.
enum class Dimension {
  Automatic,  ///< as each use says
  Checkpoint,
  Adapter,
  Dataset,
  LabelSet,
  Split,
  Templates,
  TrainingSeed,
  Draw  ///< of the support
};
inline constexpr Dimension kDimensions[]{Dimension::Automatic, Dimension::Checkpoint, Dimension::Adapter,
                                         Dimension::Dataset,   Dimension::LabelSet,   Dimension::Split,
                                         Dimension::Templates, Dimension::TrainingSeed, Dimension::Draw};
std::string_view idOf(Dimension dimension);          ///< "checkpoint", ...
Dimension dimensionOf(std::string_view id);          ///< Automatic for what there is not

struct Grouping {
  Dimension colour = Dimension::Automatic;  ///< Automatic: by checkpoint, or by line where there is one
  Dimension dash = Dimension::Automatic;    ///< Automatic: by all that colour and panels do not tell
  Dimension panel = Dimension::Automatic;   ///< Automatic: by dataset and label set
  bool isAutomatic() const {
    return colour == Dimension::Automatic && dash == Dimension::Automatic && panel == Dimension::Automatic;
  }
};

/// What the bands show: the 95 % interval as points have it, mean +- s, mean +- s / sqrt(n), or nothing.
enum class Bands { Interval, Deviation, Error, None };
std::string_view idOf(Bands bands);
Bands bandsOf(std::string_view id);  ///< Interval for what there is not
std::string bandName(Bands bands);   ///< "95 % interval"

/// The points with low and high as the bands want them.
std::vector<store::CurvePoint> withBands(std::vector<store::CurvePoint> points, Bands bands);

/// The points of each training seed or support draw by themselves, where the grouping tells them apart.
std::vector<store::CurvePoint> partedBySeeds(const std::vector<store::CurvePoint>& points, const Grouping& grouping);

/// Curves as the grouping wants them: one line for each combination of what the points differ in, one panel a value,
/// lines of one colour value in one colour, and of one dash value in one dash throughout. Zero-shot stands on the first
/// line of its checkpoint in each panel. The notes say where lines that look alike differ.
figures::CurvesData groupedCurves(const std::vector<store::CurvePoint>& points, const Grouping& grouping);

}  // namespace lix::app
