#include "shared/reading_figures.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "base/contracts.h"
#include "base/text.h"

namespace lix::app {

std::string shortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

figures::WeightsData weightsData(const study::MixtureReading& mixture, const std::vector<std::string>& captions,
                                 LabelledPicture shown, const std::string& model,
                                 std::optional<std::pair<int, int>> difference) {
  LIX_REQUIRE(captions.size() == mixture.captions);
  figures::WeightsData data{.headings = {.title = "Mixture weights per caption",
                                         .subtitle = cat(model, ", ", shown.label, "; tau ", shortNumber(mixture.tau)),
                                         .notes = ""},
                            .picture = std::move(shown.picture),
                            .heads = int(mixture.heads),
                            .tokens = int(mixture.tokens),
                            .captions = {},
                            .difference = difference};
  const std::size_t size = mixture.heads * mixture.tokens;
  for (std::size_t j = 0; j < captions.size(); ++j) {
    const auto begin = mixture.weights.begin() + std::ptrdiff_t(j * size);
    data.captions.push_back({captions[j], {begin, begin + std::ptrdiff_t(size)}});
  }
  return data;
}

figures::MapData mapData(const study::MapReading& map, const std::vector<std::string>& captions, LabelledPicture shown,
                         const std::string& model) {
  figures::MapData data{
      .headings = {.title = map.perCaption ? "Where each caption looks" : "Where the image tower looks",
                   .subtitle = cat(model, ", ", shown.label, "; 1 is an even share of the attention"),
                   .notes = map.explanation},
      .picture = std::move(shown.picture),
      .scaleLabel = "× even share",
      .captions = {}};
  const std::size_t size = map.rows * map.columns;
  const std::size_t count = map.perCaption ? captions.size() : 1;
  LIX_REQUIRE(map.values.size() == count * size);
  for (std::size_t j = 0; j < count; ++j) {
    figures::CaptionMap one{.caption = map.perCaption ? captions[j] : "every caption",
                            .rows = int(map.rows),
                            .columns = int(map.columns),
                            .values = {}};
    std::transform(map.values.begin() + std::ptrdiff_t(j * size), map.values.begin() + std::ptrdiff_t((j + 1) * size),
                   std::back_inserter(one.values), [&](float share) { return share * float(size); });
    data.captions.push_back(std::move(one));
  }
  return data;
}

figures::ContextData contextData(const study::ContextReading& reading, std::vector<LabelledPicture> others,
                                 LabelledPicture query, const ContextNames& names) {
  LIX_REQUIRE(others.size() == reading.weights.size());
  const bool given = names.tau.source == study::ContextTau::Source::Given;
  figures::ContextData data{
      .headings = {.title = "What the picture attends to",
                   .subtitle = cat(names.model, "; ", names.context, "; tau_ctx ", shortNumber(names.tau.value),
                                   given ? " (given)." : " (learned)."),
                   .notes = ""},
      .query = std::move(query.picture),
      .queryLabel = std::move(query.label),
      .items = {},
      .effectiveNeighbours = reading.effectiveNeighbours,
      .most = names.most};
  for (std::size_t j = 0; j < others.size(); ++j) {
    data.items.push_back({std::move(others[j].picture), std::move(others[j].label), reading.weights[j],
                          reading.contributions[j], reading.masked[j]});
  }
  return data;
}

}  // namespace lix::app
