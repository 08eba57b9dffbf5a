#include <algorithm>

#include "base/text.h"
#include "figures/context_figure.h"
#include "figures/map_figure.h"
#include "figures/weights_figure.h"
#include "lixp/drawing.h"
#include "lixp/inspect_run.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

std::string short3(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

figures::WeightsData weightsData(const Inspected& inspected, std::size_t picture) {
  const study::MixtureReading& mixture = *inspected.reading->pictures[picture].mixture;
  figures::WeightsData data{
      .picture = inspected.pictures[picture].shown, .heads = int(mixture.heads), .tokens = int(mixture.tokens)};
  data.headings = {
      .title = "Mixture weights per caption",
      .subtitle = cat(inspected.model, ", ", inspected.pictures[picture].label, "; tau ", short3(mixture.tau))};
  const std::size_t size = mixture.heads * mixture.tokens;
  for (std::size_t j = 0; j < mixture.captions; ++j) {
    const auto begin = mixture.weights.begin() + std::ptrdiff_t(j * size);
    data.captions.push_back({inspected.captions[j], {begin, begin + std::ptrdiff_t(size)}});
  }
  if (mixture.captions > 1) {
    data.difference = {0, 1};
  }
  return data;
}

figures::MapData mapData(const Inspected& inspected, std::size_t picture) {
  const study::MapReading& map = inspected.reading->pictures[picture].map;
  figures::MapData data{.picture = inspected.pictures[picture].shown, .scaleLabel = "× even share"};
  data.headings = {.title = map.perCaption ? "Where each caption looks" : "Where the image tower looks",
                   .subtitle = cat(inspected.model, ", ", inspected.pictures[picture].label,
                                   "; 1 is an even share of the attention"),
                   .notes = map.explanation};
  const std::size_t size = map.rows * map.columns;
  for (std::size_t j = 0; j * size < map.values.size(); ++j) {
    figures::CaptionMap one{.caption = map.perCaption ? inspected.captions[j] : "every caption",
                            .rows = int(map.rows),
                            .columns = int(map.columns)};
    std::transform(map.values.begin() + std::ptrdiff_t(j * size), map.values.begin() + std::ptrdiff_t((j + 1) * size),
                   std::back_inserter(one.values), [&](float share) { return share * float(size); });
    data.captions.push_back(std::move(one));
  }
  return data;
}

figures::ContextData contextData(const Inspected& inspected, const InspectedPicture& picture) {
  const InspectedContext& context = *picture.context;
  const bool given = inspected.contextTau->source == study::ContextTau::Source::Given;
  figures::ContextData data{.query = picture.shown,
                            .queryLabel = picture.label,
                            .effectiveNeighbours = context.reading.effectiveNeighbours,
                            .most = kContextCards};
  data.headings = {.title = "What the picture attends to",
                   .subtitle = cat(inspected.model, "; ", inspected.contextName, "; tau_ctx ",
                                   short3(inspected.contextTau->value), given ? " (given)." : " (learned).")};
  for (std::size_t j = 0; j < context.pictures.size(); ++j) {
    data.items.push_back({context.pictures[j].thumbnail, context.pictures[j].label, context.reading.weights[j],
                          context.reading.contributions[j], context.reading.masked[j]});
  }
  return data;
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
  for (std::size_t i = 0; i < inspected.pictures.size(); ++i) {
    if (inspected.reading) {
      if (inspected.reading->pictures[i].mixture) {
        LIX_CHECK(save(figures::WeightsFigure(weightsData(inspected, i)), "weights", i));
      }
      LIX_CHECK(save(figures::MapFigure(mapData(inspected, i)), "map", i));
    }
    if (inspected.pictures[i].context) {
      LIX_CHECK(save(figures::ContextFigure(contextData(inspected, inspected.pictures[i])), "context", i));
    }
  }
  return files;
}

}  // namespace lix::app
