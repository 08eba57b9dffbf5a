#include "lixp/data_features.h"

#include "base/text.h"
#include "lixp/workspace_access.h"
#include "study/eval/truncation.h"
#include "study/features/feature_writer.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

struct FeaturesOrder {
  std::string name;
  fs::path checkpoint, out;
};

Result<Output> features(const Session& session, const FeaturesOrder& order) {
  if (order.out.extension() != ".safetensors" && order.out.extension() != ".npy") {
    return fail(ErrorCode::BadInput, cat("--out ", order.out.string(), " should end in .safetensors, by which training knows ",
                                         "a file of features, or in .npy, which gets a table of names beside it."));
  }
  std::optional<store::Workspace> workspace;
  if (!session.workspace.empty() || store::Workspace::isIn(".")) {
    LIX_TRY(store::Workspace opened, openWorkspace(session, store::OpenMode::ReadOnly));
    workspace = std::move(opened);
  }
  LIX_TRY(const data::Dataset dataset, openDataset(workspace ? &*workspace : nullptr, order.name));
  LIX_TRY(const study::Evaluator evaluator, study::openEvaluator(order.checkpoint));
  const std::optional<fs::path> cache = workspace ? std::optional(workspace->cache() / "features") : std::nullopt;
  LIX_TRY(const study::FeatureSummary summary,
          study::writeFeatures(evaluator, order.checkpoint, dataset, order.out, cache, session.progress()));
  std::vector<std::string> captions;
  for (const data::Sample& sample : dataset.samples) {
    captions.insert(captions.end(), sample.captions.begin(), sample.captions.end());
  }
  if (const std::string cut = study::truncationNote(evaluator, captions); !cut.empty()) {
    session.note(cut);
  }
  if (!summary.skipped.empty()) {
    session.note(cat("Left out: ", summary.skipped.size(), " of the pictures, the first ", summary.skipped.front().key,
                     ": ", summary.skipped.front().reason));
  }
  return Output{{{"features", order.out.string()},
                 {"pictures", summary.pictures},
                 {"captions", summary.captions},
                 {"width", summary.width},
                 {"skipped", summary.skipped.size()}},
                cat("Wrote features of ", summary.pictures, " pictures and ", summary.captions, " captions (",
                    summary.width, " numbers each) to ", order.out.string(), "\n")};
}

}  // namespace

CLI::App* addFeaturesVerb(CLI::App& data, Session& session) {
  auto order = std::make_shared<FeaturesOrder>();
  CLI::App* verb =
      data.add_subcommand("features", "Write what a checkpoint makes of pictures and captions, for heads to learn on and for NumPy");
  verb->add_option("name", order->name, "Dataset")->required();
  verb->add_option("--from", order->checkpoint, "Checkpoint that makes the features; heads stand on it")->required();
  verb->add_option("--out", order->out, "FILE.safetensors, or FILE.npy with names, splits, labels and first captions in FILE.csv and FILE.captions.npy")->required();
  verb->callback([&session, order] { session.action = [&session, order] { return features(session, *order); }; });
  return verb;
}

}  // namespace lix::app
