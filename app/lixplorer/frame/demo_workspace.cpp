#include "frame/demo_workspace.h"

#include <QCoreApplication>
#include <QPointer>
#include <QStandardPaths>
#include <QStringList>
#include <algorithm>
#include <memory>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "desk/desk.h"
#include "desk/tasks.h"
#include "shared/models_folder.h"
#include "store/checkpoint_store.h"
#include "store/evaluation_store.h"
#include "study/reader/reader.h"

namespace lix::app {
namespace fs = std::filesystem;
namespace {

/// A copy, so that the workspace stays whole when the program is moved or updated.
Result<void> copyModel(const fs::path& from, const fs::path& to) {
  return replaceFolder(to, [&](const fs::path& temporary) -> Result<void> {
    std::error_code problem;
    fs::copy(from, temporary, fs::copy_options::recursive | fs::copy_options::overwrite_existing, problem);
    return problem ? fail(ErrorCode::Io, cat("The checkpoint ", from.string(), " could not be copied to ", to.string(), ": ",
                                             problem.message(), ". Make room, or name another place in LIX_DEMO_WORKSPACE."))
                   : Result<void>();
  });
}

}  // namespace

fs::path demoWorkspaceFolder() {
  const QString given = qEnvironmentVariable("LIX_DEMO_WORKSPACE");
  const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/lixplorer/demo";
  return (given.isEmpty() ? data : given).toStdString();
}

Result<fs::path> makeDemoWorkspace() {
  const fs::path folder = demoWorkspaceFolder();
  LIX_TRY(const store::Workspace workspace, store::Workspace::open(folder, store::OpenMode::Create));
  LIX_TRY(const auto known, store::CheckpointStore(workspace).list());
  if (!known.empty()) {
    return folder;
  }
  LIX_TRY(const fs::path models, modelsFolder());
  for (const ShippedModel& model : kShippedModels) {
    const fs::path to = workspace.checkpoints() / model.label;
    LIX_CHECK(copyModel(models / model.folder, to));
    LIX_TRY(const auto reader, study::Reader::open(to));
    LIX_CHECK(store::CheckpointStore(workspace).record(
        {.path = to, .weightsHash = reader->facts().weightsHash, .recipe = reader->facts().recipe}));
  }
  return folder;
}

void measureDemo(Desk& desk) {
  std::error_code ignored;
  if (desk.isReadOnly() || !fs::equivalent(desk.folder(), demoWorkspaceFolder(), ignored)) {
    return;
  }
  const auto missing = [](const store::Workspace& workspace) -> Result<QStringList> {
    LIX_TRY(const auto rows, store::EvaluationStore(workspace).list({.kind = "few-shot"}));
    QStringList folders;
    for (const ShippedModel& model : kShippedModels) {
      const fs::path folder = workspace.checkpoints() / model.label;
      std::error_code absent;
      if (fs::exists(folder, absent) && std::ranges::find(rows, folder, &store::EvaluationRow::checkpoint) == rows.end()) {
        folders << QString::fromStdString(folder.string());
      }
    }
    return folders;
  };
  auto relay = std::make_shared<Relay>(desk.storing());
  desk.ask(*relay, missing, [desk = QPointer(&desk), relay](Result<QStringList> folders) {
    if (!desk.isNull() && folders && !folders->isEmpty()) {
      desk->tasks().runLixp(QCoreApplication::translate("demo", "Measuring the demo checkpoints"),
                           QStringList{"eval", "few-shot"} + *folders +
                               QStringList{"--data", "emoji", "--labels", "group", "--shots", "1,2,4,8,16", "--draws", "5"});
    }
  });
}

}  // namespace lix::app
