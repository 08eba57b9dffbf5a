#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "figures/context_figure.h"
#include "figures/map_figure.h"
#include "figures/weights_figure.h"
#include "lixp/demo_figures.h"
#include "lixp/workspace_access.h"
#include "study/eval/embed.h"
#include "study/inspect/context.h"
#include "study/inspect/inspect.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr std::array<const char*, 8> kWanted{"1F34E", "1F408", "1F415", "1F697",
                                             "1F332", "1F3E0", "1F31E", "1F600"};  // plain to see
constexpr std::size_t kContextPictures = 128;                                      // the training batch
constexpr std::uint64_t kStreamContext = 0x636f6e74;  // as `lixp inspect` draws its context
constexpr const char* kOtherCaption = "a blue square";

/// A picture of the split to look at: a wanted one where it lies there, else the one with most captions.
std::size_t pictureIn(const data::Dataset& dataset, data::Split split) {
  const auto samples = samplesOf(dataset, split);
  for (const char* key : kWanted) {
    const auto found = std::ranges::find_if(samples, [&](std::size_t i) { return dataset.samples[i].key == key; });
    if (found != samples.end()) {
      return *found;
    }
  }
  return *std::ranges::max_element(samples, {}, [&](std::size_t i) { return dataset.samples[i].captions.size(); });
}

Result<void> drawMaps(const study::Reading& reading, const std::vector<std::string>& captions,
                      const imaging::Image& shown, const std::string& label, const fs::path& folder,
                      DemoFigures& drawn) {
  const study::MapReading& map = reading.pictures[0].map;
  figures::MapData data{.headings = {.title = "Where each caption looks", .subtitle = label, .notes = map.explanation},
                        .picture = shown,
                        .scaleLabel = "share",
                        .captions = {}};
  const std::size_t cells = map.rows * map.columns;
  for (std::size_t i = 0; i < (map.perCaption ? captions.size() : 1); ++i) {
    data.captions.push_back(
        {map.perCaption ? captions[i] : "every caption",
         int(map.rows),
         int(map.columns),
         {map.values.begin() + std::ptrdiff_t(i * cells), map.values.begin() + std::ptrdiff_t((i + 1) * cells)}});
  }
  LIX_CHECK(saveForReport(figures::MapFigure(data), folder / "figures", "maps"));
  drawn.figures.push_back({"figures/maps",
                           cat("The emoji beside maps of where the image vector comes from under each caption: ",
                               join(captions, "; "), "."),
                           "The maps of the captions, all on one scale."});
  return {};
}

}  // namespace

Result<DemoFigures> drawMixture(const DemoSubject& llip, const fs::path& folder) {
  DemoFigures drawn;
  LIX_TRY(const data::Dataset dataset, openDataset(nullptr, "emoji"));
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(llip.folder));
  const data::Sample& sample = dataset.samples[pictureIn(dataset, data::Split::Test)];
  LIX_TRY(const imaging::Image picture, dataset.pictures->load(std::size_t(&sample - dataset.samples.data())));
  std::vector<std::string> captions(
      sample.captions.begin(),
      sample.captions.begin() + std::ptrdiff_t(std::min<std::size_t>(3, sample.captions.size())));
  captions.emplace_back(kOtherCaption);
  LIX_TRY(const study::Reading reading, study::inspect(evaluator, {picture}, captions));
  const auto& mixture = reading.pictures[0].mixture;
  if (!mixture) {
    return fail(ErrorCode::BadInput, cat(llip.folder.string(), " is no Llip: it has no mixture weights."));
  }
  const imaging::Image shown = study::partRead(evaluator, picture);
  figures::WeightsData data{
      .headings = {.title = "Mixture weights per caption",
                   .subtitle = cat(llip.label, ", tiny; picture ", sample.key, ", tau ", mixture->tau),
                   .notes = ""},
      .picture = shown,
      .heads = int(mixture->heads),
      .tokens = int(mixture->tokens),
      .captions = {},
      .difference = {}};
  const std::size_t size = mixture->heads * mixture->tokens;
  for (std::size_t i = 0; i < captions.size(); ++i) {
    data.captions.push_back({captions[i],
                             {mixture->weights.begin() + std::ptrdiff_t(i * size),
                              mixture->weights.begin() + std::ptrdiff_t((i + 1) * size)}});
  }
  data.difference = {0, int(captions.size()) - 1};
  const auto difference = mixture->difference(0, captions.size() - 1);
  float largest = 0.f;
  for (const float value : difference) {
    largest = std::max(largest, std::abs(value));
  }
  LIX_CHECK(saveForReport(figures::WeightsFigure(data), folder / "figures", "weights"));
  drawn.figures.push_back(
      {"figures/weights",
       cat("Heat maps of mixture weights, ", mixture->heads, " heads by ", mixture->tokens,
           " tokens, for the captions ", join(captions, "; "), "."),
       cat("How four captions mix the ", mixture->tokens,
           " tokens of one picture, and the difference of the first and the last. The largest weight that changes "
           "between them changes by ",
           fixed(largest, 3), "; equal shares would be ", fixed(1.0 / double(mixture->tokens), 3), ".")});
  LIX_CHECK(drawMaps(reading, captions, shown, cat(llip.label, ", tiny; picture ", sample.key), folder, drawn));
  std::vector<std::string> arguments{"inspect", llip.folder.string(), "--data", "emoji", "--key", sample.key};
  for (const std::string& caption : captions) {
    arguments.insert(arguments.end(), {"--caption", caption});
  }
  arguments.insert(arguments.end(), {"--out", "inspected"});
  drawn.commands.push_back(commandLine(arguments));
  return drawn;
}

Result<DemoFigures> drawContext(const Session& session, const DemoSubject& siglixp, const fs::path& folder) {
  DemoFigures drawn;
  LIX_TRY(const data::Dataset dataset, openDataset(nullptr, "emoji"));
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(siglixp.folder));
  LIX_TRY(const study::ContextTau tau, study::contextTau(evaluator, {}));
  const std::size_t query = pictureIn(dataset, data::Split::Test);
  const auto all = samplesOf(dataset, data::Split::Test);
  std::vector<std::size_t> chosen{query};
  for (const std::uint32_t at : permutation(all.size(), Random(0, kStreamContext))) {
    if (chosen.size() < kContextPictures && all[at] != query) {
      chosen.push_back(all[at]);
    }
  }
  LIX_TRY(const auto features, study::embedPictures(evaluator, dataset, chosen, std::nullopt, session.progress()));
  LIX_TRY(const imaging::Image picture, dataset.pictures->load(query));
  const auto vector = study::imageVector(evaluator, picture);
  LIX_TRY(const auto reading, study::readContext(vector, features.hashes[0], study::contextSet(features), tau.value));
  figures::ContextData data{.headings = {.title = "What the picture attends to among others",
                                         .subtitle = cat(siglixp.label, ", tiny; ", features.samples.size(),
                                                         " emoji of the test split, tau_ctx ", fixed(tau.value, 4)),
                                         .notes = ""},
                            .query = picture,
                            .queryLabel = dataset.samples[query].captions.front(),
                            .items = {},
                            .effectiveNeighbours = reading.effectiveNeighbours,
                            .most = 17};
  for (std::size_t i = 0; i < features.samples.size(); ++i) {
    const data::Sample& sample = dataset.samples[features.samples[i]];
    LIX_TRY(imaging::Image thumbnail, dataset.pictures->load(features.samples[i]));
    data.items.push_back({std::move(thumbnail), sample.captions.empty() ? sample.key : sample.captions.front(),
                          reading.weights[i], reading.contributions[i], reading.masked[i]});
  }
  const std::string told =
      cat("\u201C", data.queryLabel, "\u201D attends to ", fixed(reading.effectiveNeighbours, 1),
          " effective neighbours of ", features.samples.size() - 1, "; itself is masked, as in training.");
  LIX_CHECK(saveForReport(figures::ContextFigure(std::move(data)), folder / "figures", "context"));
  drawn.figures.push_back(
      {"figures/context", cat("Cards of emoji with bars for their context weight and contribution. ", told), told});
  drawn.commands.push_back(
      commandLine({"inspect", siglixp.folder.string(), "--data", "emoji", "--key", dataset.samples[query].key,
                   "--context", "emoji", "--out", "inspected-context"}));
  return drawn;
}

}  // namespace lix::app
