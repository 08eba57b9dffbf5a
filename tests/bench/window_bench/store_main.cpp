// Runs and Curves on workspaces of very many runs, metric points and results, in one process, offscreen:
//   store_bench [--runs N] [--points N] [--results N] [--many N] [--folder DIR] [--only runs|curves|many]
// makes the workspaces (in DIR, where they are found again, or in a temporary folder), opens both pages as a window does
// and prints milliseconds of the clock and, in brackets, of this process's CPU time, which other programs have no part in;
// handlers of the window's thread are measured by its CPU time. Defaults: 1,000 runs of 2,000 points, 100,000 results, and 100,000 runs in a second workspace.
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QEvent>
#include <QLineEdit>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>

#include "base/text.h"
#include "desk/desk.h"
#include "desk/run_watch.h"
#include "pages/curves/check_list.h"
#include "pages/curves/curves_page.h"
#include "pages/runs/runs_page.h"
#include "store/evaluation_store.h"
#include "store/metric_store.h"
#include "store/run_search.h"
#include "theme/theme.h"

namespace fs = std::filesystem;
using namespace lix;

namespace {

constexpr int kPatience = 600'000;  // ms

double cpuMs(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

/// Every handler of the window's thread, timed.
class TimedApplication : public QApplication {
 public:
  using QApplication::QApplication;
  bool notify(QObject* receiver, QEvent* event) override {
    if (depth_++ > 0) {
      const bool taken = QApplication::notify(receiver, event);
      --depth_;
      return taken;
    }
    const double begin = cpuMs(CLOCK_THREAD_CPUTIME_ID);
    const bool taken = QApplication::notify(receiver, event);
    --depth_;
    ms.push_back(cpuMs(CLOCK_THREAD_CPUTIME_ID) - begin);
    return taken;
  }
  std::vector<double> ms;

 private:
  int depth_ = 0;
};

double since(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) * 1e-6; }

struct Took {
  double ms = 0.0, cpu = 0.0;
  auto operator<=>(const Took&) const = default;
};

void line(const std::string& what, const Took& took, double limit = 0.0) {
  std::printf("  %-58s %8.1f ms  [%8.1f]", what.c_str(), took.ms, took.cpu);
  std::printf(limit > 0.0 ? "  (at most %.0f)\n" : "\n", limit);
  std::fflush(stdout);
}

void lineOfHandlers(TimedApplication& application) {
  std::ranges::sort(application.ms);
  const auto& ms = application.ms;
  if (!ms.empty()) {
    line(cat("window's thread: longest of ", ms.size(), " handlers"), {ms.back(), ms.back()});
    const double late = ms[std::min(ms.size() - 1, std::size_t(double(ms.size()) * 0.999))];
    line("window's thread: 99.9th percentile", {late, late}, 16);
  }
  application.ms.clear();
}

template <class Value>
Value taken(Result<Value> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<Value>) {
    return std::move(*result);
  }
}

struct Sizes {
  long long runs = 1000, points = 2000, results = 100'000, many = 100'000;
  fs::path folder;
  QString only;
};

std::string settingsOf(long long i) {
  return cat(R"({"batch":)", 64 << (i % 4), R"(,"learningRate":)", 0.001 / double(1 + i % 3), R"(,"seed":)", i % 5,
             R"(,"size":"tiny","steps":20000,"augment":"crop","note":")", std::string(200, 'x'), "\"}");
}

long long addRun(const store::RunStore& runs, long long i, long long steps) {
  const auto run = taken(runs.add({.name = cat("run-", i),
                                   .recipe = i % 2 == 0 ? "siglip" : "siglixp",
                                   .size = "tiny",
                                   .dataset = i % 3 == 0 ? "emoji" : "scenes",
                                   .seed = i % 5,
                                   .device = "cuda",
                                   .settings = settingsOf(i),
                                   .stepsTotal = steps}));
  taken(runs.setStatus(run.id, store::RunStatus::Done));
  return run.id;
}

/// Series of a training, in transactions of a hundred thousand points.
void addPoints(const store::Workspace& workspace, long long run, long long points) {
  constexpr const char* kNames[]{"loss", "gradient_norm", "learning_rate", "images_per_second"};
  constexpr long long kAtOnce = 100'000;
  const store::MetricStore metrics(workspace);
  std::vector<store::MetricPoint> part;
  for (long long i = 0; i < points; ++i) {
    const long long step = i / 4;
    part.push_back({step, kNames[i % 4], 1.0 / (1.0 + 0.001 * double(step)) + 0.01 * double((run * 7 + i) % 13)});
    if (static_cast<long long>(part.size()) == kAtOnce || i + 1 == points) {
      taken(metrics.append(run, part));
      part.clear();
    }
  }
}

/// 20 models, 10 datasets, adapters, shots and draws, with the outcomes of 300 queries.
void addResults(const store::Workspace& workspace, long long count) {
  constexpr const char* kAdapters[]{"prototype", "tip-adapter", "tip-adapter-x", "knn", "ridge"};
  auto transaction = taken(store::Transaction::begin(workspace));
  const store::EvaluationStore evaluations(workspace);
  for (long long i = 0; i < count; ++i) {
    const long long draw = i % 20, shots = (i / 20) % 5, adapter = (i / 100) % 5, model = (i / 500) % 20, data = (i / 10'000) % 10;
    const std::string set = cat("set ", data);
    store::Outcomes outcomes{set, 300, std::vector<std::uint64_t>(5, 0)};
    long long right = 0;
    for (std::size_t q = 0; q < 300; ++q) {
      const bool good = (std::size_t(i) * 2654435761u + q * 40503u) % 100 < std::size_t(40 + 8 * shots + model);
      outcomes.bits[q / 64] |= std::uint64_t(good) << (q % 64);
      right += good;
    }
    store::EvaluationRow row{.kind = "few-shot",
                             .checkpoint = cat("/models/model-", model),
                             .weightsHash = cat("hash of model ", model),
                             .checkpointLabel = cat("model ", model),
                             .dataset = cat("dataset ", data),
                             .split = "test",
                             .labelSet = "class",
                             .templates = "simple",
                             .modelSeed = 1,
                             .supportSeed = draw,
                             .adapter = kAdapters[adapter],
                             .shots = 1 << shots,
                             .classes = 10,
                             .supportSize = 10 << shots,
                             .querySize = 300,
                             .metric = "top1",
                             .value = double(right) / 300.0,
                             .settings = R"({"pool":"train"})",
                             .findings = R"({"alpha":1.5,"beta":5.5,"logit_scale":10,"seconds_fit":0.1})"};
    taken(evaluations.add(row, {}, &outcomes));
  }
  taken(transaction.commit());
}

void make(const fs::path& folder, const Sizes& sizes) {
  QElapsedTimer timer;
  timer.start();
  const auto workspace = taken(store::Workspace::open(folder, store::OpenMode::Create));
  const store::RunStore runs(workspace);
  for (long long i = 0; i < sizes.runs; ++i) {
    auto transaction = taken(store::Transaction::begin(workspace));
    addPoints(workspace, addRun(runs, i, sizes.points / 4), sizes.points);
    taken(transaction.commit());
    if (i % 100 == 99) {
      std::fprintf(stderr, "\rmade %lld runs of %lld points, %.0f s", i + 1, sizes.points, since(timer) / 1000);
    }
  }
  addResults(workspace, sizes.results);
  std::fprintf(stderr, "\rmade %s in %.0f s, %.2f GB\n", folder.c_str(), since(timer) / 1000,
               double(fs::file_size(folder / "workspace.sqlite")) / 1e9);
}

void makeMany(const fs::path& folder, long long many) {
  const auto workspace = taken(store::Workspace::open(folder, store::OpenMode::Create));
  const store::RunStore runs(workspace);
  auto transaction = taken(store::Transaction::begin(workspace));
  for (long long i = 0; i < many; ++i) {
    const long long run = addRun(runs, i, 100);
    const std::vector<store::MetricPoint> points{{100, "loss", double(i % 977) / 100}, {100, "canary.zero_shot", 0.3}};
    taken(store::MetricStore(workspace).append(run, points));
  }
  taken(transaction.commit());
}

template <class Condition>
Took until(const Condition& condition, const std::function<void()>& act) {
  QElapsedTimer timer;
  timer.start();
  const double begin = cpuMs(CLOCK_PROCESS_CPUTIME_ID);
  act();
  (void)QTest::qWaitFor(condition, kPatience);
  QCoreApplication::processEvents();
  return {since(timer), cpuMs(CLOCK_PROCESS_CPUTIME_ID) - begin};
}

template <class Page, class Signal>
Took untilTold(Page* page, Signal signal, const std::function<void()>& act) {
  bool told = false;
  const auto connection = QObject::connect(page, signal, page, [&told] { told = true; });
  const Took ms = until([&told] { return told; }, act);
  QObject::disconnect(connection);
  return ms;
}

void runsPage(const fs::path& folder, TimedApplication& application, long long runs) {
  std::printf("Runs, %lld of them\n", runs);
  auto desk = taken(app::Desk::open(folder, store::OpenMode::ReadWrite));
  (void)QTest::qWaitFor([&] { return desk->storing().pending() == 0; }, kPatience);  // the window was open before
  application.ms.clear();
  std::unique_ptr<app::RunsPage> page;
  QTableView* table = nullptr;
  const Took first = until([&] { return table != nullptr && table->model()->rowCount() > 0; }, [&] {
    page = std::make_unique<app::RunsPage>(*desk);
    page->resize(1200, 760);
    page->show();
    page->shown();
    table = page->findChild<QTableView*>("runs.table");
  });
  line("opened, until the newest are shown", first, 500);
  const Took all = until([&] { return table->model()->rowCount() == int(runs); }, [] {});
  line("and until all can be scrolled to", {first.ms + all.ms, first.cpu + all.cpu});
  auto* filter = page->findChild<QLineEdit*>("runs.filter");
  line("filtered by a word", untilTold(page.get(), &app::RunsPage::arranged, [&] { filter->setText("siglixp emoji"); }));
  line("filter taken away", untilTold(page.get(), &app::RunsPage::arranged, [&] { filter->clear(); }));
  line("sorted by loss", untilTold(page.get(), &app::RunsPage::arranged, [&] { table->sortByColumn(5, Qt::AscendingOrder); }));
  line("sorted by name", untilTold(page.get(), &app::RunsPage::arranged, [&] { table->sortByColumn(0, Qt::AscendingOrder); }));
  const auto other = taken(store::Workspace::open(folder, store::OpenMode::ReadWrite));
  const long long run = taken(store::RunSearch(other).newest(1)).front().id;
  line("a run renamed by another program, until it is told", untilTold(page.get(), &app::RunsPage::arranged, [&] {
         taken(store::RunStore(other).rename(run, cat("renamed ", QCoreApplication::applicationPid())));
       }));
  lineOfHandlers(application);
}

void curvesPage(const fs::path& folder, TimedApplication& application, long long results) {
  std::printf("Curves, %lld results\n", results);
  auto desk = taken(app::Desk::open(folder, store::OpenMode::ReadWrite));
  (void)QTest::qWaitFor([&] { return desk->storing().pending() == 0; }, kPatience);
  application.ms.clear();
  std::unique_ptr<app::CurvesPage> page;
  bool shown = false;
  line("opened, until curves are shown", until([&] { return shown; }, [&] {
         page = std::make_unique<app::CurvesPage>(*desk);
         QObject::connect(page.get(), &app::CurvesPage::curvesShown, page.get(), [&shown] { shown = true; });
         page->resize(1200, 760);
         page->show();
         page->shown();
       }));
  auto* dataset = page->findChild<QComboBox*>("curves.dataset");
  auto* checkpoints = page->findChild<app::CheckList*>("curves.checkpoints");
  std::vector<Took> datasets, models;
  for (int i = 1; i < std::min(8, dataset->count() - 1); ++i) {
    datasets.push_back(untilTold(page.get(), &app::CurvesPage::curvesShown, [&] { dataset->setCurrentIndex(i); }));
  }
  for (int i = 0; i < std::min(10, checkpoints->count()); ++i) {
    models.push_back(untilTold(page.get(), &app::CurvesPage::curvesShown,
                               [&] { checkpoints->item(i)->setCheckState(Qt::Unchecked); }));
  }
  std::ranges::sort(datasets);
  std::ranges::sort(models);
  if (!datasets.empty() && !models.empty()) {
    line("another dataset: median", datasets[datasets.size() / 2], 100);
    line("another dataset: longest", datasets.back(), 100);
    line("a checkpoint unchecked: median", models[models.size() / 2], 100);
    line("a checkpoint unchecked: longest", models.back(), 100);
  }
  line("intervals over query pictures of what is shown", until([&] { return desk->interactive().pending() == 0; }, [] {}));
  lineOfHandlers(application);
}

Sizes sizesFrom(const QStringList& words) {
  Sizes sizes;
  const std::map<QString, long long*> numbers{
      {"--runs", &sizes.runs}, {"--points", &sizes.points}, {"--results", &sizes.results}, {"--many", &sizes.many}};
  for (int i = 1; i + 1 < words.size(); i += 2) {
    if (const auto found = numbers.find(words[i]); found != numbers.end()) {
      *found->second = std::max(1LL, words[i + 1].toLongLong());
    } else if (words[i] == "--only") {
      sizes.only = words[i + 1];
    } else if (words[i] == "--folder") {
      sizes.folder = words[i + 1].toStdString();
    }
  }
  return sizes;
}

}  // namespace

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM") && !qEnvironmentVariableIsSet("DISPLAY")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  TimedApplication application(argc, argv);
  widgets::applyTheme(application, widgets::ThemeChoice::Light);
  Sizes sizes = sizesFrom(QCoreApplication::arguments());
  const bool isKept = !sizes.folder.empty();
  if (!isKept) {
    sizes.folder = fs::temp_directory_path() / cat("store_bench-", QCoreApplication::applicationPid());
  }
  const fs::path work = sizes.folder / "results", many = sizes.folder / "many";
  if (!store::Workspace::isIn(work)) {
    make(work, sizes);
  }
  if (!store::Workspace::isIn(many)) {
    makeMany(many, sizes.many);
  }
  std::printf("%lld runs x %lld metric points, %lld results; %lld runs; %s, %s\n", sizes.runs, sizes.points, sizes.results,
              sizes.many, QApplication::platformName().toUtf8().constData(), work.c_str());
  const auto isWanted = [&](const char* what) { return sizes.only.isEmpty() || sizes.only == what; };
  if (isWanted("runs")) {
    runsPage(work, application, sizes.runs);
  }
  if (isWanted("curves")) {
    curvesPage(work, application, sizes.results);
  }
  if (isWanted("many")) {
    runsPage(many, application, sizes.many);
  }
  if (!isKept) {
    fs::remove_all(sizes.folder);
  }
  return 0;
}
