#include "lixp/eval_run.h"

namespace lix::app {
namespace {

void common(CLI::App* verb, EvalOrder& order) {
  verb->add_option("checkpoints", order.checkpoints, "Checkpoint folders")->required();
  verb->add_option("--data", order.data, "Dataset of the workspace, or emoji, symbola, scenes")->required();
  verb->add_option("--labels", order.labels, "Label set (default: the first)");
  verb->add_option("--split", order.split, "Split of the query pictures");
  verb->add_option("--templates", order.templates, "Prompt templates: plain, simple, or a file");
  verb->add_option("--label", order.curveLabels, "Name of each checkpoint's curve (default: its folder's name)");
  verb->fallthrough();
}

}  // namespace

void addEvalVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("eval", "Evaluate checkpoints; every result becomes a row of the workspace");
  verb->require_subcommand(1);
  auto zero = std::make_shared<EvalOrder>();
  CLI::App* zeroVerb = verb->add_subcommand("zero-shot", "Classify by class names");
  common(zeroVerb, *zero);
  zeroVerb->callback([&session, zero] { session.action = [&session, zero] { return evalZeroShot(session, *zero); }; });
  auto few = std::make_shared<EvalOrder>();
  CLI::App* fewVerb =
      verb->add_subcommand("few-shot", "Training-free adapters over shots, nested draws, mean and 95 % interval");
  common(fewVerb, *few);
  fewVerb->add_option("--pool", few->pool, "Split that support and validation are drawn from");
  fewVerb->add_option("--shots", few->shots, "Pictures per class")->delimiter(',');
  fewVerb->add_option("--draws", few->draws, "Support draws");
  fewVerb->add_option("--seed", few->seed, "Seed of the draws");
  fewVerb
      ->add_option("--adapters", few->adapters,
                   "prototype, tip-adapter, tip-adapter-x (searched on validation), knn, ...; key=value after a colon "
                   "sets a parameter, as knn:k=5")
      ->delimiter(',');
  fewVerb->callback([&session, few] { session.action = [&session, few] { return evalFewShot(session, *few); }; });
}

}  // namespace lix::app
