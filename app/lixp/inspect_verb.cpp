#include "lixp/inspect_run.h"
#if LIX_WITH_GUI
#include "lixp/drawing.h"
#endif

namespace lix::app {
namespace {

Result<Output> run(const Session& session, const InspectOrder& order) {
#if LIX_WITH_GUI
  LIX_CHECK(themeNamed(order.theme));
  return withDrawing([&] { return inspectCheckpoint(session, order); });
#else
  return inspectCheckpoint(session, order);
#endif
}

}  // namespace

void addInspectVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<InspectOrder>();
  CLI::App* verb = app.add_subcommand("inspect",
                                      "What a checkpoint makes of pictures and captions: scores, mixture weights, "
                                      "maps, context; as JSON, safetensors and figures");
  verb->add_option("checkpoint", order->checkpoint, "Checkpoint folder")->required();
  verb->add_option("--image", order->images, "Picture files");
  verb->add_option("--data", order->data, "Dataset of --key");
  verb->add_option("--key", order->keys, "Pictures of the dataset instead of files");
  verb->add_option("--caption", order->captions, "Captions (default: those of the dataset's pictures)");
  verb->add_option("--captions", order->captionsFile, "Text file with one caption a line");
  verb->add_option("--context", order->context, "Dataset whose pictures each picture attends to (LIxP)");
  verb->add_option("--context-split", order->contextSplit, "Split of the context: train, validation or test");
  verb->add_option("--context-most", order->contextMost, "At most so many context pictures, drawn at random");
  verb->add_option("--tau", order->tau,
                   "Temperature instead of the checkpoint's: a Llip's mixing, or else the context's")
      ->check(CLI::PositiveNumber);
#if LIX_WITH_GUI
  verb->add_option("--theme", order->theme, "Colours of the figures: light or dark");
#endif
  verb->add_option("--out", order->out, "Folder of what is written")->required();
  verb->callback([&session, order] { session.action = [&session, order] { return run(session, *order); }; });
}

}  // namespace lix::app
