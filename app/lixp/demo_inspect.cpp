#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "lixp/demo_figures.h"
#include "lixp/workspace_access.h"
#include "shared/reading_figures.h"
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
constexpr int kCards = 17;                            // three rows of a page
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
                      const LabelledPicture& shown, const std::string& model, const fs::path& folder,
                      DemoFigures& drawn) {
  LIX_CHECK(saveForReport(figures::MapFigure(mapData(reading.pictures[0].map, captions, shown, model)),
                          folder / "figures", "maps"));
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
  const LabelledPicture shown{study::partRead(evaluator, picture), cat("picture ", sample.key)};
  const std::string model = cat(llip.label, ", tiny");
  const auto difference = mixture->difference(0, captions.size() - 1);
  float largest = 0.f;
  for (const float value : difference) {
    largest = std::max(largest, std::abs(value));
  }
  LIX_CHECK(saveForReport(
      figures::WeightsFigure(weightsData(*mixture, captions, shown, model, std::pair(0, int(captions.size()) - 1))),
      folder / "figures", "weights"));
  drawn.figures.push_back(
      {"figures/weights",
       cat("Heat maps of mixture weights, ", mixture->heads, " heads by ", mixture->tokens,
           " tokens, for the captions ", join(captions, "; "), "."),
       cat("How four captions mix the ", mixture->tokens,
           " tokens of one picture, and the difference of the first and the last. The largest weight that changes "
           "between them changes by ",
           fixed(largest, 3), "; equal shares would be ", fixed(1.0 / double(mixture->tokens), 3), ".")});
  LIX_CHECK(drawMaps(reading, captions, shown, model, folder, drawn));
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
  std::vector<LabelledPicture> others;
  for (const std::size_t at : features.samples) {
    const data::Sample& sample = dataset.samples[at];
    LIX_TRY(imaging::Image thumbnail, dataset.pictures->load(at));
    others.push_back({std::move(thumbnail), sample.captions.empty() ? sample.key : sample.captions.front()});
  }
  const std::string label = dataset.samples[query].captions.front();
  figures::ContextData data = contextData(
      reading, std::move(others), {picture, label},
      {cat(siglixp.label, ", tiny"), cat(features.samples.size(), " pictures of emoji, test split"), tau, kCards});
  const std::string told =
      cat("\u201C", label, "\u201D attends to ", fixed(reading.effectiveNeighbours, 1), " effective neighbours of ",
          features.samples.size() - 1, "; itself is masked, as in training.");
  LIX_CHECK(saveForReport(figures::ContextFigure(std::move(data)), folder / "figures", "context"));
  drawn.figures.push_back(
      {"figures/context", cat("Cards of emoji with bars for their context weight and contribution. ", told), told});
  drawn.commands.push_back(
      commandLine({"inspect", siglixp.folder.string(), "--data", "emoji", "--key", dataset.samples[query].key,
                   "--context", "emoji", "--out", "inspected-context"}));
  return drawn;
}

}  // namespace lix::app
