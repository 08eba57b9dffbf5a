#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/context_figure.h"
#include "figures/map_figure.h"
#include "figures/weights_figure.h"
#include "study/inspect/context.h"
#include "study/inspect/inspect.h"

namespace lix::app {

/// A picture as figures show it: small pixels (empty: none at hand) and what is said of it.
struct LabelledPicture {
  imaging::Image picture;
  std::string label;
};

/// The mixture weights of one picture, a heatmap a caption; `difference` names two captions, first minus second.
figures::WeightsData weightsData(const study::MixtureReading& mixture, const std::vector<std::string>& captions,
                                 LabelledPicture shown, const std::string& model,
                                 std::optional<std::pair<int, int>> difference);

/// The maps of one picture (`shown` is the part that the tower reads, partRead), as multiples of an even share.
figures::MapData mapData(const study::MapReading& map, const std::vector<std::string>& captions, LabelledPicture shown,
                         const std::string& model);

/// What a context figure says of itself beside the reading.
struct ContextNames {
  std::string model;
  std::string context;  ///< "128 pictures of emoji, test split"
  study::ContextTau tau;
  int most = 24;  ///< cards
};

/// The context of one picture; `others` are as many as the reading has weights.
figures::ContextData contextData(const study::ContextReading& reading, std::vector<LabelledPicture> others,
                                 LabelledPicture query, const ContextNames& names);

/// "0.0312": three significant digits.
std::string shortNumber(double value);

}  // namespace lix::app
