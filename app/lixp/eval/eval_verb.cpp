#include "lixp/eval/verbs.h"

namespace lix::app {

void addEvalVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("eval", "Evaluate checkpoints; every result becomes a row of the workspace");
  verb->require_subcommand(1);
  addZeroShotVerb(*verb, session);
  addFewShotVerb(*verb, session);
  addCaptionShortcutVerb(*verb, session);
  addSurfaceVerb(*verb, session);
  addSpectrumVerb(*verb, session);
  addGeometryVerb(*verb, session);
  addMixtureVerb(*verb, session);
  addPointingVerb(*verb, session);
  addCostVerb(*verb, session);
  addRetrievalVerb(*verb, session);
  addCaptionScoresVerb(*verb, session);
  addRobustnessVerb(*verb, session);
  addDomainVerb(*verb, session);
}

}  // namespace lix::app
