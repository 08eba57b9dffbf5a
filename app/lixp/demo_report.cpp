#include "lixp/demo_report.h"

#include <set>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "shared/curves_figure_data.h"
#include "lixp/demo_figures.h"
#include "lixp/demo_run.h"
#include "lixp/demo_tables.h"
#include "shared/run_series.h"
#include "store/metric_store.h"
#include "study/train/train.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

/// A part of the page that figures and commands are added to.
struct Page {
  std::string body;
  std::vector<std::pair<std::string, std::vector<std::string>>> commands;  // under which heading
  json document;

  void heading(const std::string& id, const std::string& text) {
    body += cat("<h2 id=\"", id, "\">", escaped(text), "</h2>\n");
  }
  void paragraph(const std::string& text) { body += cat("<p>", escaped(text), "</p>\n"); }
  void add(const HtmlTable& table) { body += table.html(); }
  void add(const DemoFigures& drawn, const std::string& heading) {
    for (const HtmlFigure& figure : drawn.figures) {
      body += figure.html();
      document["figures"].push_back({{"file", figure.stem + "-wide-light.svg"}, {"says", figure.caption}});
    }
    commands.emplace_back(heading, drawn.commands);
  }
};

struct Compared {
  std::string first, second, what;
};

/// SigLIxP against the control that had the same steps, pictures and seed.
std::vector<Compared> comparisons(const DemoPlan& plan) {
  std::vector<Compared> pairs;
  if (!plan.shipped.empty()) {
    pairs.push_back({plan.shipped[1].label, plan.shipped[2].label, "The shipped checkpoints"});
  }
  pairs.push_back({plan.legs[1].label, plan.legs[2].label, cat("Trained here, ", plan.legs[1].steps, " steps each")});
  return pairs;
}

void addDifferences(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan, Page& page) {
  page.heading("difference", "Does the context help?");
  page.paragraph(
      "SigLIxP differs from its control in one thing: during post-training, a tenth of its loss is computed on "
      "pictures that attend to the other pictures of "
      "the batch. Both start from the same SigLIP and see the same pictures for the same number of steps. What counts "
      "is few-shot accuracy, compared on the "
      "same support draws.");
  page.document["differences"] = json::array();
  for (const Compared& pair : comparisons(plan)) {
    const auto differences = pairedDifferences(rows, pair.first, pair.second);
    page.body += cat("<h3>", escaped(pair.what), "</h3>\n");
    page.body += differenceSentences(differences, pair.first, pair.second);
    page.add(differenceTable(differences, pair.first, pair.second));
    page.body += "<details><summary>The same at every number of shots</summary>\n" +
                 differenceTableByShots(differences).html() + "</details>\n";
    for (const PairedDifference& one : differences) {
      page.document["differences"].push_back(toJson(one, pair.first, pair.second));
    }
  }
  page.paragraph(
      "The interval is the 95 % interval of the mean over support draws, by Student's t. It says how far the drawing "
      "of the support moves the number, and "
      "nothing about other training seeds: one model of each kind was trained. The rows share pictures, so they are "
      "not independent of one another.");
}

void addZeroShot(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan, Page& page) {
  page.heading("zero-shot", "Zero-shot");
  page.paragraph(
      "Classes named by their names alone (template \u201Cplain\u201D), test split. Symbola shows the same characters "
      "as black drawings of another font, which no "
      "model saw in training.");
  page.add(zeroShotTable(rows, plan));
  page.document["zero_shot"] = json::array();
  for (const auto& row : rows) {
    if (row.kind == "zero-shot") {
      page.document["zero_shot"].push_back({{"key", row.id},
                                            {"checkpoint", row.checkpointLabel},
                                            {"dataset", row.dataset},
                                            {"label_set", row.labelSet},
                                            {"metric", row.metric},
                                            {"value", row.value},
                                            {"classes", row.classes},
                                            {"pictures", row.querySize}});
    }
  }
}

Result<void> addFewShot(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan, const fs::path& folder,
                        Page& page) {
  page.heading("few-shot", "Few-shot");
  page.paragraph(
      "Training-free adapters on frozen features. Support and validation pictures come from the train split, queries "
      "from the test split; draws are nested, so "
      "a draw of four shots contains that of two. Classes with too few pictures drop out as shots rise, which makes "
      "the task easier: the notes below the "
      "figures say how many are left.");
  std::vector<std::string> shipped, live;
  for (std::size_t i = 0; i < plan.evaluated.size(); ++i) {
    (i < plan.shipped.size() ? shipped : live).push_back(plan.evaluated[i].label);
  }
  for (const auto& [labels, stem, title] :
       {std::tuple(shipped, "shipped", "Shipped checkpoints"), {live, "live", "Trained here"}}) {
    if (labels.empty()) {
      continue;
    }
    page.body += cat("<h3>", title, "</h3>\n");
    LIX_TRY(const DemoFigures drawn, drawCurves(rows, plan, labels, stem, folder));
    page.add(drawn, "Few-shot curves");
    page.body += "<details><summary>Means and 95 % intervals as tables</summary>\n";
    for (const DemoTask& task : demoTasks()) {
      page.add(fewShotTable(
          chosenPoints(rows, {.dataset = task.data, .labelSet = task.labels, .adapters = {}, .checkpoints = labels}),
          labels, cat(task.data, ", ", task.labels)));
    }
    page.body += "</details>\n";
  }
  page.document["few_shot"] = json::array();
  for (const auto& point : chosenPoints(rows, {})) {
    page.document["few_shot"].push_back(toJson(point));
  }
  return {};
}

Result<void> addInspection(const Session& session, const DemoPlan& plan, const fs::path& folder, Page& page) {
  const bool shipped = !plan.shipped.empty();
  page.heading("inspect", "What the models look at");
  page.paragraph("A Llip reads a picture into several mixture tokens, and each caption mixes them in its own way.");
  LIX_TRY(const DemoFigures mixture, drawMixture(shipped ? plan.shipped[3] : plan.evaluated[3], folder));
  page.add(mixture, "Mixture weights and maps");
  page.paragraph(
      "In SigLIxP's post-training, a picture attends to the other pictures of its batch; its temperature decides to "
      "how many.");
  LIX_TRY(const DemoFigures context, drawContext(session, shipped ? plan.shipped[1] : plan.evaluated[1], folder));
  page.add(context, "Context weights");
  return {};
}

Result<void> addTraining(const store::Workspace& workspace, const DemoPlan& plan, const fs::path& folder, Page& page) {
  page.heading("training", "The training done here");
  HtmlTable table{
      .caption = cat("Batch ", kDemoBatch, ", seed ", kDemoSeed, ", size tiny (64 px), AdamW, on this machine's CPU."),
      .head = {"Run", "Steps", "Learning rate", "First loss", "Last loss", "Pictures/s", "Seconds"},
      .rows = {}};
  std::vector<std::string> commands;
  page.document["training"] = json::array();
  for (const DemoLeg& leg : plan.legs) {
    LIX_TRY(const auto run, store::RunStore(workspace).findByOut(plan.checkpointOf(leg)));
    LIX_TRY(const auto all, store::MetricStore(workspace).part(run.id));
    const auto& series = all.series;
    const Series* loss = findSeries(series, "loss");
    const Series* speed = findSeries(series, "images_per_second");
    if (loss == nullptr || speed == nullptr) {
      return fail(
          ErrorCode::NotFound,
          cat("The run '", run.name,
              "' has no series of its loss; the workspace was changed. Begin the demo anew with another --out."));
    }
    double seconds = 0.0;
    for (const double perSecond : speed->values) {
      seconds += kDemoBatch / perSecond;
    }
    const double pictures = double(kDemoBatch) * double(speed->values.size());
    table.rows.push_back({leg.what, cat(leg.steps), cat(leg.learningRate), fixed(loss->values.front(), 3),
                          fixed(loss->values.back(), 3), fixed(pictures / seconds, 0), fixed(seconds, 0)});
    commands.push_back(commandLine(trainArguments(plan, leg)));
    page.document["training"].push_back({{"label", leg.label},
                                         {"run", run.name},
                                         {"command", commands.back()},
                                         {"settings", json::parse(run.settings, nullptr, false)},
                                         {"threads", run.threads},
                                         {"cpu_capability", run.cpuCapability},
                                         {"seconds", seconds},
                                         {"pictures_per_second", pictures / seconds},
                                         {"first_loss", loss->values.front()},
                                         {"last_loss", loss->values.back()}});
  }
  page.add(table);
  page.paragraph("Losses of different kinds of models are not comparable: SigLIxP's sums two terms.");
  page.commands.emplace_back("Training", commands);
  LIX_TRY(const DemoFigures drawn, drawTraining(workspace, plan, folder));
  page.add(drawn, "Training series");
  return {};
}

void addReproduction(const DemoPlan& plan, double seconds, Page& page) {
  page.heading("reproduce", "How to get every number again");
  const std::string facts =
      cat("LIxPlorer ", LIX_VERSION, "; ", std::thread::hardware_concurrency(), " CPU threads, ",
          study::cpuCapability(), "; written ", store::now().substr(0, 16), " UTC, ", fixed(seconds, 0),
          " s after this call of the demo began (what an earlier call had done was taken as it was).");
  page.paragraph(facts);
  page.document["built"] = LIX_VERSION;
  page.document["cpu_capability"] = study::cpuCapability();
  page.document["seconds"] = seconds;
  page.paragraph(
      "Training repeats bit for bit on the same number of threads and the same CPU capability; evaluations repeat to "
      "the digit. Every number is a row of the workspace's "
      "database, and these commands measure it again.");
  std::vector<std::string> evaluations;
  for (const DemoSubject& subject : plan.evaluated) {
    const auto lines = evaluationCommands(plan, subject);
    evaluations.insert(evaluations.end(), lines.begin(), lines.end());
  }
  page.commands.emplace_back("Evaluations", evaluations);
  std::set<std::string> written;
  for (const auto& [heading, first] : page.commands) {
    if (!written.insert(heading).second) {
      continue;
    }
    std::string text;
    for (const auto& [other, lines] : page.commands) {
      for (const std::string& line : lines) {
        text += other == heading ? line + "\n" : "";
        if (other == heading) {
          page.document["commands"].push_back(line);
        }
      }
    }
    page.body += cat("<h3>", escaped(heading), "</h3>\n<pre tabindex=\"0\"><code>", escaped(text), "</code></pre>\n");
  }
}

std::string opening(const std::vector<store::EvaluationRow>& rows, const DemoPlan& plan) {
  const Compared pair = comparisons(plan).front();
  std::string text = cat("<h1>Contextual pretraining on emoji</h1>\n<p class=\"lead\">",
                         escaped(headline(pairedDifferences(rows, pair.first, pair.second), pair.first, pair.second)),
                         "</p>\n<nav aria-label=\"Sections\">");
  for (const auto& [id, name] : {std::pair("difference", "Difference"),
                                 {"zero-shot", "Zero-shot"},
                                 {"few-shot", "Few-shot"},
                                 {"inspect", "Inspection"},
                                 {"training", "Training"},
                                 {"reproduce", "Reproduce"}}) {
    text += cat("<a href=\"#", id, "\">", name, "</a>");
  }
  return text + "</nav>\n";
}

}  // namespace

Result<json> writeDemoReport(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                             double seconds) {
  LIX_TRY(auto rows, store::EvaluationStore(workspace).list());
  std::erase_if(rows, [&](const store::EvaluationRow& row) {  // what else was done in this workspace is not the demo's
    return std::ranges::find(plan.evaluated, row.checkpointLabel, &DemoSubject::label) == plan.evaluated.end();
  });
  json document;
  LIX_CHECK(replaceFolder(plan.folder / "report", [&](const fs::path& folder) -> Result<void> {
    Page page;
    page.body = opening(rows, plan);
    addDifferences(rows, plan, page);
    addZeroShot(rows, plan, page);
    LIX_CHECK(addFewShot(rows, plan, folder, page));
    LIX_CHECK(addInspection(session, plan, folder, page));
    LIX_CHECK(addTraining(workspace, plan, folder, page));
    addReproduction(plan, seconds, page);
    document = page.document;
    LIX_CHECK(writeFile(folder / "report.json", document.dump(2, ' ', false, json::error_handler_t::replace) + "\n"));
    return writeFile(folder / "index.html", htmlPage("Contextual pretraining on emoji: LIxPlorer's demo", page.body));
  }));
  document["report"] = (plan.folder / "report" / "index.html").string();
  return document;
}

}  // namespace lix::app
