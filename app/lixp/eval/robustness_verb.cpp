#include <algorithm>
#include <set>

#include "base/text.h"
#include "imaging/corruptions.h"
#include "lixp/eval/class_rows.h"
#include "lixp/eval/run.h"
#include "lixp/eval/verbs.h"
#include "study/metrics/accuracy.h"

namespace lix::app {
namespace {
using nlohmann::json;

/// One pass over the pictures; no corruption: as they are.
struct Level {
  const imaging::Corruption* corruption = nullptr;
  int severity = 0;
  std::string name() const { return corruption == nullptr ? "clean" : std::string(corruption->name); }
};

/// The pictures of another source, corrupted as they are loaded.
class CorruptedPictures : public data::PictureSource {
 public:
  CorruptedPictures(std::shared_ptr<const data::PictureSource> pictures, Level level, int frame)
      : pictures_(std::move(pictures)), level_(level), frame_(frame) {}

  Result<imaging::Image> load(std::size_t index) const override {
    LIX_TRY(const imaging::Image picture, pictures_->load(index));
    return imaging::corrupt(picture, *level_.corruption, level_.severity, frame_);
  }

 private:
  std::shared_ptr<const data::PictureSource> pictures_;
  Level level_;
  int frame_;
};

Result<std::vector<Level>> levelsOf(const RobustnessOrder& order) {
  std::vector<Level> levels{Level{}};
  std::vector<const imaging::Corruption*> chosen;
  for (const std::string& name : order.corruptions) {
    LIX_TRY(const imaging::Corruption* one, imaging::findCorruption(name));
    if (std::ranges::find(chosen, one) == chosen.end()) {
      chosen.push_back(one);
    }
  }
  if (chosen.empty()) {
    for (const imaging::Corruption& one : imaging::corruptions()) {
      chosen.push_back(&one);
    }
  }
  const std::set<int> severities(order.severities.begin(), order.severities.end());
  for (const int severity : severities) {
    if (severity < 1 || severity > imaging::kSeverities) {
      return fail(ErrorCode::BadInput, cat("There is no severity ", severity, "; choose from 1 to ",
                                           imaging::kSeverities, " (clean pictures are always measured)."));
    }
  }
  for (const imaging::Corruption* one : chosen) {
    for (const int severity : severities) {
      levels.push_back({one, severity});
    }
  }
  return levels;
}

/// The pictures of one level through the image tower. Only clean ones go through the cache of the workspace: what was
/// corrupted is not met again by other evaluations and would fill it.
Result<study::ImageFeatures> featuresOf(const Session& session, const store::Workspace& workspace, const Subject& s,
                                        const std::vector<std::size_t>& samples, const Level& level,
                                        const Progress& progress) {
  if (level.corruption == nullptr) {
    return imagesOf(session, workspace, s, samples);
  }
  data::Dataset dataset = s.dataset;
  dataset.pictures = std::make_shared<CorruptedPictures>(
      s.dataset.pictures, level, std::max(imaging::kCorruptionFrame, s.evaluator.preprocess.size));
  return study::embedPictures(s.evaluator, dataset, samples, std::nullopt, progress);
}

/// Mean top-1 over severities of each corruption, and over corruptions.
std::string linesFor(const json& document) {
  std::string text = cat(document["checkpoint"].get<std::string>(), "  ", document["dataset"].get<std::string>(), "/",
                         document["label_set"].get<std::string>(), " (", document["classes"], " classes, ",
                         document["pictures"], " pictures)\n");
  std::vector<std::string> severities;
  std::vector<std::pair<std::string, std::vector<std::string>>> rows;
  for (const json& level : document["levels"]) {
    const auto name = level["corruption"].get<std::string>();
    const auto severity = level["severity"].dump();
    if (level["severity"] != 0 && std::ranges::find(severities, severity) == severities.end()) {
      severities.push_back(severity);
    }
    if (rows.empty() || rows.back().first != name) {
      rows.emplace_back(name, std::vector<std::string>());
    }
    rows.back().second.push_back(cat(fixed(100.0 * level["top1"].get<double>(), 1), " %"));
  }
  for (const auto& [name, shares] : rows) {
    text += cat("  ", name, ": ", join(shares, "  "), "\n");
    if (name == "clean" && !severities.empty()) {
      text += cat("  severity: ", join(severities, ", "), "\n");
    }
  }
  return document.contains("mean_corruption_top1")
             ? cat(text, "  mean over corruptions and severities: ",
                   fixed(100.0 * document["mean_corruption_top1"].get<double>(), 1), " %\n")
             : text;
}

Result<void> robustness(const Session& session, const store::Workspace& workspace, const RobustnessOrder& order,
                        const std::vector<Level>& levels, std::size_t which, Output& output) {
  LIX_TRY(Subject s, openSubject(workspace, order, which, "robustness"));
  LIX_CHECK(study::needTowers(s.evaluator, "Robustness"));
  LIX_TRY(const data::Split split, splitNamed(order.split));
  const auto samples = samplesOf(s.dataset, split, s.labelSet);
  if (samples.empty()) {
    return fail(ErrorCode::BadInput,
                cat("'", order.data, "' has no labelled pictures in its ", order.split, " split."));
  }
  const Progress whole = session.progress();
  std::vector<std::string> notes = s.notes;
  json document{{"checkpoint", s.row.checkpointLabel},
                {"dataset", s.row.dataset},
                {"label_set", s.row.labelSet},
                {"classes", s.classNames().size()},
                {"levels", json::array()}};
  double sum = 0.0;
  for (std::size_t pass = 0; pass < levels.size(); ++pass) {
    const Level& level = levels[pass];
    const Progress progress = [&](std::string_view, long long done, long long total) {
      return report(whole, cat("Corrupted pictures  ", level.name(), " ", level.severity),
                    static_cast<long long>(pass) * total + done, static_cast<long long>(levels.size()) * total);
    };
    LIX_TRY(const auto images, featuresOf(session, workspace, s, samples, level, progress));
    if (pass == 0) {
      noteSkipped(images, order.split, notes);
      document["pictures"] = images.samples.size();
    }
    const at::Tensor scores = study::zeroShotScores(s.evaluator, images, s.classes);
    ClassVerdicts verdicts{.labels = labelsOf(s, images),
                           .predicted = study::predictions({valuesOf(scores), s.classNames().size()}),
                           .classes = s.classNames()};
    for (const std::size_t sample : images.samples) {
      verdicts.keys.push_back(s.dataset.samples[sample].key);
    }
    json& numbers = document["levels"].emplace_back(json{{"corruption", level.name()}, {"severity", level.severity}});
    json settings{{"corruption", level.name()}, {"severity", level.severity}};
    addTextFiles(order, settings);
    s.row.settings = settings.dump();
    LIX_TRY(auto transaction, store::Transaction::begin(workspace));
    LIX_CHECK(storeClassRows(workspace, s.row, verdicts, numbers));
    LIX_CHECK(transaction.commit());
    sum += pass == 0 ? 0.0 : numbers["top1"].get<double>();
  }
  if (levels.size() > 1) {
    document["mean_corruption_top1"] = sum / double(levels.size() - 1);
  }
  document["notes"] = notes;
  output.text += linesFor(document) + linesOf(notes);
  output.json.push_back(std::move(document));
  return {};
}

}  // namespace

Result<void> evalRobustnessInto(const Session& session, const store::Workspace& workspace, const RobustnessOrder& order,
                                Output& output) {
  LIX_CHECK(checkLabels(order));
  LIX_TRY(const auto levels, levelsOf(order));
  for (std::size_t i = 0; i < order.checkpoints.size(); ++i) {
    LIX_CHECK(robustness(session, workspace, order, levels, i, output));
  }
  return {};
}

void addRobustnessVerb(CLI::App& eval, Session& session) {
  auto order = std::make_shared<RobustnessOrder>();
  CLI::App* verb = eval.add_subcommand(
      "robustness", "Classify corrupted pictures by class names: the corruptions of ImageNet-C at five severities");
  addCommonOptions(verb, *order);
  verb->add_option("--corruptions", order->corruptions,
                   "gaussian_noise, shot_noise, impulse_noise, defocus_blur, glass_blur, motion_blur, zoom_blur, fog, "
                   "brightness, contrast, elastic_transform, pixelate, jpeg_compression (default: all)")
      ->delimiter(',');
  verb->add_option("--severities", order->severities, "1 (weak) to 5 (strong)")->delimiter(',');
  setEvaluation(verb, session, order, evalRobustnessInto);
}

}  // namespace lix::app
