#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "figures/axis.h"
#include "figures/curves_figure.h"
#include "figures/parts.h"

namespace lix::figures {

// The data of a curves figure seen as a whole: looks, legend and ranges, which all its panels share.

bool usable(const CurvePoint& point);
bool hasBand(const CurvePoint& point);

/// The distinct series and their looks over all panels, in order of appearance.
class Styles {
 public:
  Styles() = default;
  explicit Styles(const CurvesData& data);
  /// The next series; false where it was there already.
  bool add(const std::string& group, const std::string& label, const std::string& dash = {});
  SeriesStyle of(const std::string& group, const std::string& label, Theme theme) const;
  SeriesStyle of(const CurveSeries& series, Theme theme) const { return of(series.group, series.label, theme); }
  const std::vector<const CurveSeries*>& order() const { return order_; }

 private:
  struct Look {
    int colour;
    int dash;
    int marker;
  };
  std::map<std::pair<std::string, std::string>, Look> look_;
  std::map<std::string, int> groups_, within_, dashes_;
  std::vector<const CurveSeries*> order_;
};

LegendEntry entryOf(const CurveSeries& series, const Styles& styles, Theme theme);
LegendEntry entryOf(const ReferenceLine& line, Theme theme);
std::vector<LegendEntry> legendOf(const CurvesData& data, const Styles& styles, Theme theme);

struct Ranges {
  std::set<double> shots;  ///< above zero
  bool zero = false;       ///< whether there are zero-shot points
  Axis y;
};
Ranges rangesOf(const CurvesData& data);

/// The numbers of shots that get a tick: all of up to eight, else the powers of two among them.
std::vector<double> shotTicks(const std::set<double>& shots);

/// Width of the numbers left of the plots.
double gutterOf(const Axis& y);

}  // namespace lix::figures
