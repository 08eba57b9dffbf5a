#include "lixp/figure_options.h"

#include "base/text.h"

namespace lix::app {

void addFigureOptions(CLI::App& verb, FigureChoice& choice) {
  verb.add_option("--data", choice.rows.dataset, "Only this dataset");
  verb.add_option("--labels", choice.rows.labelSet, "Only this label set");
  verb.add_option("--adapters", choice.rows.adapters, "Only these adapters (as evaluated, for example tip-adapter,knn)")
      ->delimiter(',');
  verb.add_option("--checkpoints", choice.rows.checkpoints,
                  "Only these checkpoint labels, in this order; of a gain the first less the second")
      ->delimiter(',');
  verb.add_option("--shots", choice.shots,
                  "Of figures about one number of shots (default: the most that most checkpoints have; 0: zero-shot)")
      ->check(CLI::Range(0, 100'000));
  verb.add_option("--run", choice.run,
                  "Of figures of a training: this run (default: the newest that has a series for it)");
  verb.add_option("--x", choice.x, "Of a sweep: the setting along the axis, such as batch, tokens or shots");
  verb.add_option("--lines", choice.lines, "Of a sweep: the setting that tells lines apart");
  verb.add_option("--reference", choice.reference,
                  "Draws the papers' values whose names have all these words, such as 'SigLIxP S/16 32-shot'");
  verb.add_option("--prompts", choice.prompts, "Of the time with many prompts: how many")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
}

std::vector<std::string> argumentsOf(const FigureChoice& choice) {
  std::vector<std::string> arguments;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      arguments.insert(arguments.end(), {name, value});
    }
  };
  add("--data", choice.rows.dataset);
  add("--labels", choice.rows.labelSet);
  add("--adapters", join(choice.rows.adapters, ","));
  add("--checkpoints", join(choice.rows.checkpoints, ","));
  add("--shots", choice.shots ? cat(*choice.shots) : "");
  add("--run", choice.run);
  add("--x", choice.x);
  add("--lines", choice.lines);
  add("--reference", choice.reference);
  add("--prompts", choice.prompts == FigureChoice().prompts ? "" : cat(choice.prompts));
  return arguments;
}

}  // namespace lix::app
