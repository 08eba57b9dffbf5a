#include "lixp/doctor_verb.h"

#include "study/doctor/doctor.h"

namespace lix::app {
namespace {

Result<Output> examined(const Session& session, const std::string& path) {
  LIX_TRY(const auto report, study::doctor::examine(path, session.progress()));
  return Output{nlohmann::json::parse(study::doctor::toJson(report)), study::doctor::toText(report),
                report.verdict == study::doctor::Verdict::Refused ? 1 : 0};
}

}  // namespace

void addDoctorVerb(CLI::App& app, Session& session) {
  const auto path = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand(
      "doctor", "What a checkpoint or dataset is, where its numbers come from, and what silent mistakes would cost");
  verb->add_option("path", *path, "A checkpoint's folder or file of weights, or a dataset's folder, table or shards")->required();
  verb->footer(
      "Exit status: 0 where it can be used (with remarks or without), 1 where it is refused. Nothing is written.");
  verb->callback([&session, path] { session.action = [&session, path] { return examined(session, *path); }; });
}

}  // namespace lix::app
