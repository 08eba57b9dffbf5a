#pragma once
#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <nlohmann/json.hpp>

#include "base/progress.h"
#include "base/result.h"

namespace lix::app {

/// What a verb has to say: one JSON document, or the same for people.
struct Output {
  nlohmann::json json;
  std::string text;
  int status = 0;  ///< exit status: 1 where what was asked came out as no
};

/// What all verbs share. A verb's callback sets `action`; main runs it and prints what comes back.
struct Session {
  bool json = false;
  std::filesystem::path workspace;  ///< as given, "" = the current folder if it is one
  std::function<Result<Output>()> action;

  /// Draws progress on standard error (one line on a terminal, a line every few seconds otherwise). Ctrl-C asks it to
  /// stop.
  Progress progress() const;
  /// One line on standard error.
  void note(const std::string& sentence) const;
};

/// Whether Ctrl-C (or a polite SIGTERM) was pressed since the program began.
bool interrupted();

/// Numbers in tables: "12.3".
std::string fixed(double value, int decimals);

void addTrainVerb(CLI::App& app, Session& session);
void addDataVerb(CLI::App& app, Session& session);
void addEvalVerb(CLI::App& app, Session& session);
void addSuiteVerb(CLI::App& app, Session& session);
void addReproduceVerb(CLI::App& app, Session& session);
void addSweepVerb(CLI::App& app, Session& session);
void addSupportVerb(CLI::App& app, Session& session);
void addClassifyVerb(CLI::App& app, Session& session);
void addImportVerb(CLI::App& app, Session& session);
void addExportVerb(CLI::App& app, Session& session);
void addEmbedVerb(CLI::App& app, Session& session);
void addInspectVerb(CLI::App& app, Session& session);
void addCurvesVerb(CLI::App& app, Session& session);
void addReportVerb(CLI::App& app, Session& session);
void addRunsVerb(CLI::App& app, Session& session);
void addDemoVerb(CLI::App& app, Session& session);

}  // namespace lix::app
