#include "base/text.h"
#include "lixp/drawing.h"
#include "lixp/inspect_run.h"
#include "shared/reading_figures.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

figures::ContextData contextOf(const Inspected& inspected, const InspectedPicture& picture) {
  std::vector<LabelledPicture> others;
  for (const ContextPicture& other : picture.context->pictures) {
    others.push_back({other.thumbnail, other.label});
  }
  return contextData(picture.context->reading, std::move(others), {picture.shown, picture.label},
                     {inspected.model, inspected.contextName, *inspected.contextTau, kContextCards});
}

}  // namespace

Result<std::vector<fs::path>> drawInspection(const Inspected& inspected, const InspectOrder& order) {
  LIX_TRY(const figures::Theme theme, themeNamed(order.theme));
  std::vector<fs::path> files;
  const auto save = [&](const figures::Figure& figure, const char* kind, std::size_t picture) -> Result<void> {
    LIX_TRY(const auto written, savePngAndSvg(figure, order.out / cat(kind, "-", picture + 1), theme));
    files.insert(files.end(), written.begin(), written.end());
    return {};
  };
  using Pair = std::pair<int, int>;
  const auto difference = inspected.captions.size() > 1 ? std::optional(Pair(0, 1)) : std::nullopt;
  for (std::size_t i = 0; i < inspected.pictures.size(); ++i) {
    const InspectedPicture& picture = inspected.pictures[i];
    const LabelledPicture shown{picture.shown, picture.label};
    if (inspected.reading) {
      const study::PictureReading& reading = inspected.reading->pictures[i];
      if (reading.mixture) {
        LIX_CHECK(save(figures::WeightsFigure(
                           weightsData(*reading.mixture, inspected.captions, shown, inspected.model, difference)),
                       "weights", i));
      }
      LIX_CHECK(save(figures::MapFigure(mapData(reading.map, inspected.captions, shown, inspected.model)), "map", i));
    }
    if (picture.context) {
      LIX_CHECK(save(figures::ContextFigure(contextOf(inspected, picture)), "context", i));
    }
  }
  return files;
}

}  // namespace lix::app
