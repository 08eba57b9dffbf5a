#include "lixp/inspect_run.h"

#include <algorithm>
#include <numeric>

#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "imaging/decode.h"
#include "imaging/hash.h"
#include "imaging/resize.h"
#include "lixp/caption_file.h"
#include "lixp/workspace_access.h"
#include "study/eval/embed.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr int kShownSide = 384;
constexpr int kThumbnailSide = 160;
constexpr std::uint64_t kStreamContext = 0x636f6e74;  // "cont"

imaging::Image atMost(const imaging::Image& picture, int side) {
  const int longer = std::max(picture.width, picture.height);
  if (longer <= side) {
    return picture;
  }
  const auto scaled = [&](int length) { return std::max(1, static_cast<int>(std::int64_t(length) * side / longer)); };
  return imaging::resize(picture, scaled(picture.width), scaled(picture.height), imaging::Filter::Bicubic);
}

struct Loaded {
  std::vector<imaging::Image> pictures;
  std::vector<std::string> names, labels;
  std::vector<std::string> ownCaptions;  ///< of the dataset's pictures
};

std::optional<std::size_t> indexOf(const data::Dataset& dataset, const std::string& key) {
  const auto found = std::ranges::find(dataset.samples, key, &data::Sample::key);
  return found == dataset.samples.end() ? std::nullopt : std::optional(std::size_t(found - dataset.samples.begin()));
}

/// The inspected dataset and the context's are often the same one: opened once.
class Datasets {
 public:
  static Result<Datasets> open(const Session& session) {
    Datasets datasets;
    if (!session.workspace.empty() || store::Workspace::isIn(".")) {
      LIX_TRY(store::Workspace opened, openWorkspace(session, store::OpenMode::ReadOnly));
      datasets.workspace_ = std::move(opened);
    }
    return datasets;
  }
  Result<const data::Dataset*> get(const std::string& name) {
    if (!open_.contains(name)) {
      LIX_TRY(data::Dataset dataset, openDataset(workspace_ ? &*workspace_ : nullptr, name));
      open_.emplace(name, std::move(dataset));
    }
    return &open_.at(name);
  }

 private:
  std::optional<store::Workspace> workspace_;
  std::map<std::string, data::Dataset> open_;
};

Result<Loaded> loadPictures(const InspectOrder& order, Datasets& datasets) {
  Loaded loaded;
  for (const std::string& file : order.images) {
    LIX_TRY(imaging::Image picture, imaging::decodeFile(file));
    loaded.pictures.push_back(std::move(picture));
    loaded.names.push_back(fs::path(file).filename().string());
    loaded.labels.push_back(loaded.names.back());
  }
  if (order.keys.empty() != order.data.empty()) {
    return fail(ErrorCode::BadInput,
                "--data NAME and --key KEY belong together: the dataset, and which of its pictures.");
  }
  for (const std::string& key : order.keys) {
    LIX_TRY(const data::Dataset* const dataset, datasets.get(order.data));
    const auto index = indexOf(*dataset, key);
    if (!index) {
      return fail(ErrorCode::NotFound, cat("There is no picture '", key, "' in '", order.data,
                                           "'; its keys look like '", dataset->samples.front().key, "'."));
    }
    LIX_TRY(imaging::Image picture, dataset->pictures->load(*index));
    loaded.pictures.push_back(std::move(picture));
    loaded.names.push_back(key);
    const auto& own = dataset->samples[*index].captions;
    loaded.labels.push_back(own.empty() ? key : cat(own.front(), " (", key, ")"));
    loaded.ownCaptions.insert(loaded.ownCaptions.end(), own.begin(), own.end());
  }
  if (loaded.pictures.empty()) {
    return fail(ErrorCode::BadInput,
                "Name a picture with --image FILE, or one of a dataset with --data NAME --key KEY.");
  }
  return loaded;
}

Result<std::vector<std::string>> captionsOf(const InspectOrder& order, const Loaded& loaded) {
  std::vector<std::string> captions = order.captions;
  if (!order.captionsFile.empty()) {
    LIX_TRY(const auto more, readCaptions(order.captionsFile));
    captions.insert(captions.end(), more.begin(), more.end());
  }
  if (captions.empty()) {
    captions = loaded.ownCaptions;
  }
  if (captions.empty() && order.context.empty()) {
    return fail(ErrorCode::BadInput, "Give at least one caption with --caption TEXT or --captions FILE.");
  }
  return captions;
}

/// The inspected pictures as far as they are in the split (a training batch holds them too), then others at random.
Result<std::vector<std::size_t>> contextSamples(const data::Dataset& dataset, const InspectOrder& order) {
  LIX_TRY(const data::Split split, splitNamed(order.contextSplit));
  const auto all = samplesOf(dataset, split);
  if (all.size() < 2) {
    return fail(ErrorCode::BadInput, cat("The ", order.contextSplit, " split of '", order.context, "' has ", all.size(),
                                         " pictures; a context needs two or more."));
  }
  std::vector<std::size_t> chosen;
  for (const std::string& key : order.keys) {
    const auto index = order.data == order.context ? indexOf(dataset, key) : std::nullopt;
    if (index && dataset.samples[*index].split == split && std::ranges::find(chosen, *index) == chosen.end()) {
      chosen.push_back(*index);
    }
  }
  const std::size_t first = chosen.size();
  for (const std::uint32_t at : permutation(all.size(), Random(0, kStreamContext))) {
    if (chosen.size() < std::max(order.contextMost, std::size_t(2)) &&
        std::find(chosen.begin(), chosen.begin() + std::ptrdiff_t(first), all[at]) ==
            chosen.begin() + std::ptrdiff_t(first)) {
      chosen.push_back(all[at]);
    }
  }
  return chosen;
}

InspectedContext described(study::ContextReading reading, const data::Dataset& dataset,
                           const std::vector<std::size_t>& samples) {
  std::vector<std::size_t> byWeight(samples.size());
  std::iota(byWeight.begin(), byWeight.end(), 0);
  std::ranges::stable_sort(byWeight, [&](std::size_t a, std::size_t b) {
    return std::pair(!reading.masked[a], -reading.weights[a]) < std::pair(!reading.masked[b], -reading.weights[b]);
  });
  InspectedContext context{.pictures = std::vector<ContextPicture>(samples.size())};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const data::Sample& sample = dataset.samples[samples[i]];
    context.pictures[i] = {sample.key, sample.captions.empty() ? sample.key : sample.captions.front(), {}};
  }
  for (std::size_t rank = 0; rank < std::min<std::size_t>(kContextCards, byWeight.size()); ++rank) {
    if (const auto picture = dataset.pictures->load(samples[byWeight[rank]])) {
      context.pictures[byWeight[rank]].thumbnail = atMost(*picture, kThumbnailSide);
    }
  }
  context.reading = std::move(reading);
  return context;
}

Result<void> readContexts(const Session& session, const InspectOrder& order, const study::Evaluator& evaluator,
                          const Loaded& loaded, Datasets& datasets, Inspected& inspected) {
  LIX_TRY(inspected.contextTau, study::contextTau(evaluator, order.tau));
  LIX_TRY(const data::Dataset* const dataset, datasets.get(order.context));
  LIX_TRY(const auto samples, contextSamples(*dataset, order));
  LIX_TRY(const auto features, study::embedPictures(evaluator, *dataset, samples, std::nullopt, session.progress()));
  const study::ContextSet set = study::contextSet(features);
  inspected.contextName =
      cat(features.samples.size(), " pictures of ", order.context, ", ", order.contextSplit, " split");
  for (std::size_t i = 0; i < loaded.pictures.size(); ++i) {
    LIX_TRY(auto reading,
            study::readContext(study::imageVector(evaluator, loaded.pictures[i]),
                               imaging::contentHash(loaded.pictures[i]), set, inspected.contextTau->value));
    inspected.pictures[i].context = described(std::move(reading), *dataset, features.samples);
  }
  return {};
}

Result<Inspected> inspectAll(const Session& session, const InspectOrder& order) {
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(order.checkpoint));
  LIX_TRY(Datasets datasets, Datasets::open(session));
  LIX_TRY(const Loaded loaded, loadPictures(order, datasets));
  const fs::path folder = fs::absolute(order.checkpoint).lexically_normal();
  const std::string label = (folder.filename().empty() ? folder.parent_path() : folder).filename().string();
  const std::string recipe = evaluator.checkpoint.recipe;
  Inspected inspected{.model = recipe.empty() ? label : cat(label, " (", recipe, ")"),
                      .checkpoint = folder.string(),
                      .weightsHash = evaluator.checkpoint.weightsHash.text()};
  LIX_TRY(inspected.captions, captionsOf(order, loaded));
  if (order.tau && !evaluator.isMixture() && order.context.empty()) {
    return fail(ErrorCode::BadInput,
                "--tau is a Llip's mixing temperature, or the context's with --context; this checkpoint is no Llip and "
                "no --context was given.");
  }
  for (std::size_t i = 0; i < loaded.pictures.size(); ++i) {
    inspected.pictures.push_back(
        {loaded.names[i], loaded.labels[i], atMost(study::partRead(evaluator, loaded.pictures[i]), kShownSide), {}});
  }
  if (!inspected.captions.empty()) {
    const study::InspectSettings settings{evaluator.isMixture() ? order.tau : std::nullopt};
    LIX_TRY(inspected.reading, study::inspect(evaluator, loaded.pictures, inspected.captions, settings));
  }
  if (!order.context.empty()) {
    LIX_CHECK(readContexts(session, order, evaluator, loaded, datasets, inspected));
  }
  return inspected;
}

}  // namespace

Result<Output> inspectCheckpoint(const Session& session, const InspectOrder& order) {
  LIX_TRY(const Inspected inspected, inspectAll(session, order));
  std::error_code problem;
  fs::create_directories(order.out, problem);
  if (problem) {
    return fail(ErrorCode::Io, cat("The folder ", order.out.string(), " cannot be made: ", problem.message(), "."));
  }
  std::vector<fs::path> files;
#if LIX_WITH_GUI
  LIX_TRY(files, drawInspection(inspected, order));
#endif
  files.push_back(order.out / "inspect.safetensors");
  LIX_CHECK(saveInspection(inspected, files.back()));
  Output output{inspectionJson(inspected), inspectionText(inspected)};
  files.push_back(order.out / "inspect.json");
  nlohmann::json names;
  for (const fs::path& file : files) {
    names.push_back(file.filename().string());
  }
  output.json["files"] = names;
  LIX_CHECK(writeFile(files.back(), output.json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"));
  output.text += cat("Wrote ", files.size(), " files into ", order.out.string(), "\n");
  return output;
}

}  // namespace lix::app
