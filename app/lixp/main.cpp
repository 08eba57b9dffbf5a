#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "lixp/doctor_verb.h"
#include "lixp/examples.h"
#include "lixp/session.h"

namespace lix::app {
void catchInterrupts();

namespace {

/// libgomp's threads spin while they wait, which stalls everything else on the machine; it reads its policy when it is
/// loaded, so the program must be begun again with the policy set. LIXP_STARTED guards against a loop.
void usePassiveWaiting(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("LIXP_STARTED") == nullptr) {
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::setenv("LIXP_STARTED", "1", 1);
    std::error_code unreadable;
    const auto self =
        std::filesystem::read_symlink("/proc/self/exe", unreadable);  // by its path, so that it keeps its name
    ::execv(unreadable ? "/proc/self/exe" : self.c_str(), argv);      // where that fails, spinning is only slower
  }
}

int run(int argc, char** argv) {
  CLI::App app{
      "LIxPlorer on the command line: train, evaluate and inspect contextual vision-language models (LIxP, Llip)."};
  app.require_subcommand(1);
  app.set_version_flag("--version", LIX_VERSION);
  Session session;
  addTrainVerb(app, session);
#if LIX_WITH_IMAGING && LIX_WITH_STORE
  addDataVerb(app, session);
  addEvalVerb(app, session);
  addSuiteVerb(app, session);
  addReproduceVerb(app, session);
  addSweepVerb(app, session);
  addSupportVerb(app, session);
  addClassifyVerb(app, session);
  addImportVerb(app, session);
  addDoctorVerb(app, session);
  addExportVerb(app, session);
  addEmbedVerb(app, session);
  addInspectVerb(app, session);
#endif
#if LIX_WITH_IMAGING && LIX_WITH_STORE && LIX_WITH_GUI
  addCurvesVerb(app, session);
  addReportVerb(app, session);
  addRunsVerb(app, session);
  addDemoVerb(app, session);
#endif
  app.option_defaults()->always_capture_default();
  addExamples(app);
  for (CLI::App* verb : app.get_subcommands({})) {
    verb->fallthrough();
  }
  app.add_flag("--json", session.json, "Print one JSON document on standard output");
  app.add_option("--workspace", session.workspace, "Workspace folder (default: the current folder if it is one)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  const Result<Output> output = session.action();
  if (!output) {
    std::fprintf(stderr, "lixp: %s\n", output.error().message.c_str());
    return 1;
  }
  const std::string text =
      session.json ? output->json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n" : output->text;
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
    std::fprintf(stderr, "lixp: The result cannot be written to standard output: %s.\n", std::strerror(errno));
    return 1;
  }
  return output->status;
}

}  // namespace
}  // namespace lix::app

int main(int argc, char** argv) {
  lix::app::usePassiveWaiting(argv);
  lix::app::catchInterrupts();
  try {
    return lix::app::run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "lixp: There is not enough memory for this; use a smaller batch or size.\n");
  } catch (const std::exception& problem) {
    // c10::Error and the like: what the guards inside did not foresee still ends in one sentence, not in a crash.
    const std::string text = problem.what();
    std::fprintf(stderr, "lixp: Something unforeseen failed: %s\n", text.substr(0, text.find('\n')).c_str());
  }
  return 1;
}
