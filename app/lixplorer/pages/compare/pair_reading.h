#pragma once
#include <array>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "figures/map_figure.h"
#include "figures/weights_figure.h"
#include "imaging/image.h"

namespace lix::study {
class Reader;
}

namespace lix::app {

/// What one of the two models makes of a picture, for figures.
struct ModelReading {
  figures::MapData map;
  std::optional<figures::WeightsData> weights;  ///< of a Llip
};
using PairReading = std::array<ModelReading, 2>;

/// Both models on one picture with these captions, each once. Fails with Cancelled once `stop` is asked for. Any thread.
Result<PairReading> readPair(const std::array<const study::Reader*, 2>& readers, const imaging::Image& picture,
                             const std::string& pictureName, const std::vector<std::string>& captions,
                             std::stop_token stop = {});

}  // namespace lix::app
