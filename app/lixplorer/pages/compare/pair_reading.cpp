#include "pages/compare/pair_reading.h"

#include "base/text.h"
#include "shared/reading_figures.h"
#include "study/inspect/inspect.h"
#include "study/reader/reader.h"

namespace lix::app {

Result<PairReading> readPair(const std::array<const study::Reader*, 2>& readers, const imaging::Image& picture,
                             const std::string& pictureName, const std::vector<std::string>& captions,
                             std::stop_token stop) {
  PairReading pair;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    const study::Reader& reader = *readers[i];
    const std::string name = cat(i == 0 ? "A: " : "B: ", reader.facts().name);
    LIX_TRY(const study::Reading reading, reader.read({picture}, captions, {}, stop));
    const study::PictureReading& one = reading.pictures.at(0);
    const LabelledPicture shown{study::partRead(reader.evaluator(), picture), pictureName};
    pair[i].map = mapData(one.map, captions, shown, name);
    if (one.mixture) {
      const auto difference = captions.size() > 1 ? std::optional(std::pair(0, 1)) : std::nullopt;
      pair[i].weights = weightsData(*one.mixture, captions, shown, name, difference);
    }
  }
  return pair;
}

}  // namespace lix::app
