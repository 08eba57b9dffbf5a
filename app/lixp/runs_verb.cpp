#include <algorithm>

#include "base/text.h"
#include "figures/save.h"
#include "lixp/drawing.h"
#include "shared/run_series.h"
#include "lixp/runs_import.h"
#include "lixp/workspace_access.h"
#include "store/checkpoint_store.h"
#include "store/run_search.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct RunsOrder {
  std::string name, newName, request;
  int places = 0;
  fs::path figure, folder;
  std::string theme = "light";
  bool trashed = false, archived = false;
};

json jsonOf(const store::RunRow& row) {
  return {{"name", row.name},
          {"queue_place", row.queuePlace ? json(*row.queuePlace) : json()},
          {"recipe", row.recipe},
          {"size", row.size},
          {"dataset", row.dataset},
          {"seed", row.seed},
          {"status", nameOf(row.status)},
          {"message", row.message},
          {"step", row.step},
          {"steps", row.stepsTotal},
          {"out", row.out.string()},
          {"init", row.initCheckpoint.string()},
          {"device", row.device},
          {"threads", row.threads},
          {"cpu_capability", row.cpuCapability},
          {"build", row.build},
          {"created", row.createdAt},
          {"started", row.startedAt},
          {"finished", row.finishedAt},
          {"settings", json::parse(row.settings, nullptr, false)}};
}

std::string counted(std::size_t runs) { return runs == 1 ? "1 run" : cat(runs, " runs"); }

/// Archived runs are kept and left out of lists, as in the window.
Result<Output> list(const Session& session, const RunsOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(auto rows,
          store::RunStore(workspace).list(order.trashed ? store::RunsShown::Trashed : store::RunsShown::Present));
  LIX_TRY(const auto queue, store::RunStore(workspace).queue());
  LIX_TRY(const auto archived, store::RunSearch(workspace).archived());
  const auto leftOut = order.trashed ? 0 : std::erase_if(rows, [&](const store::RunRow& row) {
    return archived.contains(row.id) != order.archived;
  });
  Output output{.json = json::array()};
  for (const auto& row : rows) {
    output.json.push_back(jsonOf(row));
    output.json.back()["archived"] = archived.contains(row.id);
    const auto waits = std::ranges::find(queue, row.id, &store::RunRow::id);
    const bool never = order.trashed && row.status == store::RunStatus::Queued;
    const std::string place = waits == queue.end() ? "" : cat(" (number ", waits - queue.begin() + 1, " of the queue)");
    output.text += cat(row.name, "  ", never ? "never started" : nameOf(row.status), place, "  step ", row.step, " of ",
                       row.stepsTotal, "  ", row.recipe, " on ", row.dataset, "  ", row.out.string(), "\n");
  }
  if (rows.empty()) {
    output.text = order.trashed    ? "The trash is empty.\n"
                  : order.archived ? "No run is archived.\n"
                  : leftOut > 0    ? "All runs are archived.\n"
                                   : "There are no runs yet; begin one with 'lixp train'.\n";
  }
  if (!order.trashed && !order.archived && leftOut > 0) {
    output.text += cat(counted(leftOut), leftOut == 1 ? " is" : " are", " archived; 'lixp runs list --archived' shows ",
                       leftOut == 1 ? "it" : "them", ".\n");
  }
  return output;
}

int batchOf(const store::RunRow& row) {
  const json settings = json::parse(row.settings, nullptr, false);
  return settings.is_object() && settings.contains("batch") && settings["batch"].is_number_integer()
             ? settings["batch"].get<int>()
             : 0;
}

Result<void> drawSeries(const store::RunRow& row, const std::vector<Series>& series, const RunsOrder& order) {
  LIX_TRY(const figures::Theme theme, themeNamed(order.theme));
  LIX_CHECK(figures::fileKind(order.figure));
  const auto data = seriesData(series, cat("Training of ", row.name),
                               cat(row.recipe, " on ", row.dataset, ", ", row.step, " steps"), batchOf(row));
  if (data.panels.empty()) {
    return fail(ErrorCode::NotFound,
                cat("The run '", row.name, "' has no series to draw yet; it has done ", row.step, " steps."));
  }
  LIX_CHECK(withDrawing([&]() -> Result<Output> {
    LIX_CHECK(figures::save(figures::SeriesFigure(data), order.figure, theme));
    return Output{};
  }));
  return {};
}

Result<Output> show(const Session& session, const RunsOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const auto row, store::RunStore(workspace).findByName(order.name));
  LIX_TRY(const auto all, store::MetricStore(workspace).part(row.id));
  LIX_TRY(const auto checkpoints, store::CheckpointStore(workspace).list(row.id));
  const auto& series = all.series;
  json about = jsonOf(row);
  std::string text = cat(row.name, ": ", nameOf(row.status), ", step ", row.step, " of ", row.stepsTotal,
                         row.message.empty() ? "" : cat(" (", row.message, ")"), "\n");
  for (const auto& [key, value] : about["settings"].items()) {
    text += cat("  ", key, " = ", value.dump(), "\n");
  }
  about["last"] = json::object();
  for (const Series& one : series) {
    about["last"][one.name] = one.values.back();
    text += cat("  last ", one.name, ": ", one.values.back(), " at step ", one.steps.back(), "\n");
  }
  about["checkpoints"] = json::array();
  for (const auto& checkpoint : checkpoints) {
    about["checkpoints"].push_back(
        {{"step", checkpoint.step}, {"path", checkpoint.path.string()}, {"weights_hash", checkpoint.weightsHash}});
    text += cat("  checkpoint of step ", checkpoint.step, ": ", checkpoint.path.string(), "\n");
  }
  if (findSeries(series, "effective_neighbours") != nullptr) {
    const auto step = inflectionOf(series);
    about["inflection"] = step ? json(*step) : json("none");
    text += cat("  inflection: ", step ? cat("step ", *step) : std::string("none"), "\n");
  }
  if (!order.figure.empty()) {
    LIX_CHECK(drawSeries(row, series, order));
    about["figure"] = order.figure.string();
    text += cat("  drawn: ", order.figure.string(), "\n");
  }
  return Output{about, text};
}

/// Opens the workspace, finds the run and does something to it.
template <class Act>
Result<Output> change(const Session& session, const std::string& name, const char* done, Act&& act) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_CHECK(store::refreshLiveness(workspace));
  const store::RunStore runs(workspace);
  LIX_TRY(const auto row, runs.findByName(name));
  LIX_CHECK(act(runs, row.id));
  return Output{{{"run", name}, {"done", done}}, cat(name, ": ", done, "\n")};
}

Result<Output> control(const Session& session, const RunsOrder& order) {
  const auto request = store::runRequestOf(order.request);
  if (!request) {
    return fail(ErrorCode::BadInput,
                cat("There is no request '", order.request, "'; choose pause, resume, stop, cancel or keep."));
  }
  return change(session, order.name, "asked",
                [&](const store::RunStore& runs, long long id) { return runs.setRequest(id, *request); });
}

bool isWithin(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_normal().lexically_relative(folder);
  return !relative.empty() && relative != "." && *relative.begin() != "..";
}

Result<Output> emptyTrash(const Session& session) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_TRY(const auto folders, store::RunStore(workspace).emptyTrash());
  Output output{.json = {{"removed", json::array()}, {"kept", json::array()}}};
  for (const fs::path& folder : folders) {
    std::error_code problem;
    const bool inside = isWithin(folder, workspace.folder());
    if (inside) {
      fs::remove_all(folder, problem);
    }
    const bool removed = inside && !problem;
    output.json[removed ? "removed" : "kept"].push_back(folder.string());
    output.text += removed ? cat("removed ", folder.string(), "\n")
                   : inside
                       ? cat("could not remove ", folder.string(), " (", problem.message(), "); remove it yourself\n")
                       : cat("left ", folder.string(), ": it lies outside the workspace\n");
  }
  output.text += "The trash is empty.\n";
  return output;
}

}  // namespace

void addRunsVerb(CLI::App& app, Session& session) {
  CLI::App* verb = app.add_subcommand("runs", "List, show, control, rename, remove and import training runs");
  verb->require_subcommand(1);
  auto order = std::make_shared<RunsOrder>();
  const auto part = [&](const char* name, const char* help, auto work) {
    CLI::App* added = verb->add_subcommand(name, help);
    added->callback(
        [&session, order, work] { session.action = [&session, order, work] { return work(session, *order); }; });
    added->fallthrough();
    return added;
  };
  const auto named = [&](CLI::App* added) {
    added->add_option("name", order->name, "Run")->required();
    return added;
  };
  CLI::App* listPart = part("list", "Newest first, without archived ones", list);
  CLI::Option* trashed = listPart->add_flag("--trashed", order->trashed, "Those in the trash");
  listPart->add_flag("--archived", order->archived, "Those that were archived")->excludes(trashed);
  CLI::App* showPart = named(part("show", "Settings, last values, checkpoints", show));
  showPart->add_option("--figure", order->figure, "Draw its series into a .png, .svg or .pdf");
  showPart->add_option("--theme", order->theme, "light or dark")->capture_default_str();
  named(part("control", "Ask something of a running training", control))
      ->add_option("request", order->request, "pause, resume, stop (saves first), cancel (does not) or keep")
      ->required();
  named(part("keep", "Ask a running training to keep its present step as a checkpoint of its own",
             [](const Session& s, const RunsOrder& o) {
               return change(s, o.name, "asked to keep its step", [](const store::RunStore& runs, long long id) {
                 return runs.setRequest(id, store::RunRequest::Keep);
               });
             }));
  named(part("move", "Move a run that waits in the queue",
             [](const Session& s, const RunsOrder& o) {
               return change(s, o.name, "moved", [&](const store::RunStore& runs, long long id) {
                 return runs.moveInQueue(id, o.places);
               });
             }))
      ->add_option("places", order->places, "By how many places, -1 = one earlier")
      ->required();
  named(part("trash", "Put a run into the trash", [](const Session& s, const RunsOrder& o) {
    return change(s, o.name, "in the trash", [](const store::RunStore& runs, long long id) { return runs.trash(id); });
  }));
  named(part("restore", "Take a run out of the trash", [](const Session& s, const RunsOrder& o) {
    return change(s, o.name, "restored", [](const store::RunStore& runs, long long id) { return runs.restore(id); });
  }));
  part("empty-trash", "Delete the trashed runs and their checkpoint folders",
       [](const Session& s, const RunsOrder&) { return emptyTrash(s); });
  named(part("rename", "Give a run another name",
             [](const Session& s, const RunsOrder& o) {
               return change(s, o.name, "renamed",
                             [&](const store::RunStore& runs, long long id) { return runs.rename(id, o.newName); });
             }))
      ->add_option("new", order->newName, "New name")
      ->required();
  part("import", "Take a run from elsewhere: a checkpoint folder with its .metrics.jsonl beside it",
       [](const Session& s, const RunsOrder& o) { return importRun(s, o.folder); })
      ->add_option("folder", order->folder, "Checkpoint folder")
      ->required();
}

}  // namespace lix::app
