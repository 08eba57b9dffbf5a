#include "pages/curves/curves_page.h"

#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <algorithm>

#include "base/text.h"
#include "chrome/action_table.h"
#include "pages/curves/check_list.h"
#include "pages/curves/curve_charts.h"
#include "pages/curves/figure_pane.h"
#include "pages/curves/grouping_bar.h"
#include "pages/curves/measure_form.h"
#include "pages/curves/point_panel.h"
#include "pages/curves/reach_bar.h"
#include "shared/curves_figure_data.h"

namespace lix::app {
namespace {

constexpr int kPollMs = 2000, kQuietMs = 250;
constexpr const char* kAll = "*";

std::string chosenOf(const std::vector<std::string>& names, const std::string& wish, const std::string& usual) {
  if (wish == kAll || std::ranges::find(names, wish) != names.end()) {
    return wish;
  }
  return names.empty() || std::ranges::find(names, usual) != names.end() ? usual : names.front();
}

std::vector<std::string> without(const std::vector<std::string>& names, const std::vector<std::string>& left) {
  std::vector<std::string> rest;
  std::ranges::copy_if(names, std::back_inserter(rest),
                       [&](const std::string& name) { return std::ranges::find(left, name) == left.end(); });
  return rest;
}

std::string filterOf(const std::string& chosen) { return chosen == kAll ? "" : chosen; }

QJsonArray jsonOf(const std::vector<std::string>& names) {
  QJsonArray array;
  for (const std::string& name : names) {
    array.append(QString::fromStdString(name));
  }
  return array;
}

std::vector<std::string> namesFrom(const QJsonValue& value) {
  std::vector<std::string> names;
  for (const QJsonValue& one : value.toArray()) {
    names.push_back(one.toString().toStdString());
  }
  return names;
}

}  // namespace

CurvesPage::CurvesPage(Desk& desk, QWidget* parent)
    : Page(desk, PageId::Curves, parent),
      tableRelay_(desk.storing()),
      viewRelay_(desk.io()),
      intervalRelay_(desk.interactive()),
      reachRelay_(desk.interactive()),
      suiteRelay_(desk.io()),
      runRelay_(desk.storing()) {
  build();
  connectParts();
  fillSuites();
  quiet_.setSingleShot(true);
  quiet_.setInterval(kQuietMs);
  connect(&quiet_, &QTimer::timeout, this, &CurvesPage::makeIntervals);
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, [this] { refresh(When::IfGrown); });
}

void CurvesPage::addActions(widgets::ActionTable& table) {
  const QString scope = pageName(id());
  const auto add = [&](const char* id, const QString& text, const QString& help, const char* icon, const char* key,
                       std::function<void()> run) {
    table.add({.id = id,
               .menu = tr("&Curves"),
               .text = text,
               .help = help,
               .icon = icon,
               .key = QKeySequence(key),
               .run = [run = std::move(run)](bool) { run(); },
               .scope = scope});
  };
  add("curves.measure", tr("Measure..."), tr("Opens the form that measures more curves."), "add", "Ctrl+M",
      [this] { showForm(form_->isHidden()); });
  add("curves.picture", tr("Save picture..."), tr("Saves the curves as SVG, PDF or PNG."), "save", "Ctrl+Shift+S",
      [this] { askForFile(tr("Pictures (*.svg *.pdf *.png)"), "svg"); });
  add("curves.numbers", tr("Save numbers..."), tr("Saves the points of the curves as CSV."), "save", "Ctrl+Alt+S",
      [this] { askForFile(tr("Tables (*.csv)"), "csv"); });
  add("curves.copy", tr("Copy picture"), tr("Puts the curves on the clipboard as a picture."), "copy", "Ctrl+Shift+C",
      [this] { copyPicture(); });
  add("curves.papers", tr("Values of papers"), tr("Goes to the field that draws values which papers report."), "",
      "Ctrl+L", [this] { grouping_->focusReferences(); });
  add("curves.again", tr("Measure the dot again"), tr("Measures the clicked dot again; results are added."), "", "Ctrl+R",
      [this] { measureAgain(); });
  add("curves.openRun", tr("Open the dot's run"), tr("Shows the training run whose checkpoint the clicked dot measured."),
      "runs", "Ctrl+E", [this] { openRun(); });
  add("curves.refresh", tr("Read again"), tr("Reads all results from the workspace again."), "", "F5",
      [this] { refresh(When::Always); });
}

void CurvesPage::receive(const Payload&) {
  desk().say(widgets::Severity::Info,
             tr("Curves are drawn from measurements; drop pictures on Inspect, Support or Compare."));
}

void CurvesPage::shown() {
  poll_.start();
  refresh(table_ == nullptr ? When::Always : When::IfGrown);
}

QJsonObject CurvesPage::state() const {
  return {{"figure", figureBox_->currentData().toString()},
          {"suite", QString::fromStdString(suite_)},
          {"grouping", grouping_->state()},
          {"dataset", QString::fromStdString(dataset_)},
          {"label_set", QString::fromStdString(labelSet_)},
          {"adapters_off", jsonOf(adapters_->changedNames())},
          {"checkpoints_off", jsonOf(checkpoints_->changedNames())},
          {"splitter", QString::fromLatin1(splitter_->saveState().toBase64())}};
}

void CurvesPage::restore(const QJsonObject& state) {
  figureBox_->setCurrentIndex(std::max(0, figureBox_->findData(state.value("figure").toString())));
  suite_ = state.value("suite").toString().toStdString();
  suiteBox_->setCurrentIndex(std::max(0, suiteBox_->findData(state.value("suite").toString())));
  grouping_->restore(state.value("grouping").toObject());
  dataset_ = state.value("dataset").toString().toStdString();
  labelSet_ = state.value("label_set").toString().toStdString();
  adapters_->setChangedNames(namesFrom(state.value("adapters_off")));
  checkpoints_->setChangedNames(namesFrom(state.value("checkpoints_off")));
  splitter_->restoreState(QByteArray::fromBase64(state.value("splitter").toString().toLatin1()));
  recompute();
}

CurvesPage::View CurvesPage::viewOf(const CurveTable& table, const Wish& wish) {
  View view;
  const CurveOptions all = curveOptions(table, "", "", wish.within);
  view.dataset = chosenOf(all.datasets, wish.dataset, "emoji");
  const CurveOptions ofDataset = curveOptions(table, filterOf(view.dataset), "", wish.within);
  view.labelSet = chosenOf(ofDataset.labelSets, wish.labelSet, "group");
  view.options = curveOptions(table, filterOf(view.dataset), filterOf(view.labelSet), wish.within);
  ShownChoice choice{.curves = {.dataset = filterOf(view.dataset),
                                .labelSet = filterOf(view.labelSet),
                                .adapters = without(view.options.adapters, wish.uncheckedAdapters),
                                .checkpoints = without(view.options.checkpoints, wish.uncheckedCheckpoints)},
                     .within = wish.within,
                     .grouping = wish.grouping,
                     .bands = wish.bands,
                     .references = {}};
  // An empty list would mean all of them.
  const bool isEmptied = (choice.curves.adapters.empty() && !view.options.adapters.empty()) || choice.curves.checkpoints.empty();
  if (wish.isOther || isEmptied) {
    return view;
  }
  view.curves = shownCurves(table, choice);
  if (!wish.references.empty()) {
    const auto values = paperValues(wish.references);
    view.problem = values ? "" : values.error().message;
    for (figures::CurvesPanel& panel : view.curves.data.panels) {
      for (const PaperValue& value : values ? *values : std::vector<PaperValue>()) {
        panel.references.push_back({value.name(), value.value / 100});
      }
    }
  }
  return view;
}

void CurvesPage::refresh(When when) {
  if (tableRelay_.busy()) {
    return;
  }
  using Answer = Result<std::shared_ptr<const CurveTable>>;  // null: nothing new
  const long long known = when == When::Always || table_ == nullptr ? -1 : table_->newest;
  desk().ask(
      tableRelay_,
      [known, before = when == When::Always ? nullptr : table_](const store::Workspace& workspace) -> Answer {
        LIX_TRY(const long long newest, newestResult(workspace));
        if (newest == known) {
          return nullptr;
        }
        LIX_TRY(CurveTable table, readCurveTable(workspace, before.get()));
        return std::make_shared<const CurveTable>(std::move(table));
      },
      [this](const Answer& table) {
        if (!table) {
          poll_.stop();  // it would say so every other second; coming back to the page tries again
          desk().say(table.error());
        } else if (*table != nullptr) {
          table_ = *table;
          form_->setLabels(table_->labels);
          tellAgain();
          recompute();
          isOther() ? pane_->refresh() : pane_->forget();
        }
      });
}

CurvesPage::Wish CurvesPage::wish() const {
  // Curves are of one task unless a person wants more; other figures are of all unless a person wants less.
  const std::string usual = isOther() || !suite_.empty() ? kAll : "";
  Wish wish{.dataset = dataset_.empty() ? usual : dataset_,
            .labelSet = labelSet_.empty() ? usual : labelSet_,
            .within = {},
            .grouping = grouping_->grouping(),
            .bands = grouping_->bands(),
            .references = grouping_->references(),
            .uncheckedAdapters = adapters_->changedNames(),
            .uncheckedCheckpoints = checkpoints_->changedNames(),
            .isOther = isOther()};
  if (const auto suite = std::ranges::find(suites_, suite_, &study::Suite::name); suite != suites_.end()) {
    for (const study::SuiteEntry& entry : suite->datasets) {
      wish.within.insert(entry.data);
    }
  }
  return wish;
}

void CurvesPage::recompute() {
  if (table_ == nullptr) {
    return;
  }
  viewRelay_.ask(
      [table = table_, wish = wish()](std::stop_token) { return std::make_shared<const View>(viewOf(*table, wish)); },
      [this](std::shared_ptr<const View> view) {
        take(std::move(view));
        intervalRelay_.drop();
        quiet_.start();
      });
}

void CurvesPage::makeIntervals() {
  if (view_ == nullptr || view_->curves.rough.empty()) {
    return;
  }
  intervalRelay_.ask(
      [table = table_, points = view_->curves.rough, wish = wish()](std::stop_token stop) {
        lix::app::makeIntervals(*table, points, stop);
        return std::make_shared<const View>(viewOf(*table, wish));
      },
      [this](std::shared_ptr<const View> view) { take(std::move(view)); });
}

void CurvesPage::take(std::shared_ptr<const View> view) {
  const bool isSame = view_ != nullptr && view_->dataset == view->dataset && view_->labelSet == view->labelSet;
  view_ = std::move(view);
  fillChoices();
  if (!isSame || isOther()) {
    point_->hide();
  }
  if (isOther()) {
    choosePart();
    showPart();
    return;  // the curves stay as they are, with what is hidden in them
  }
  const figures::CurvesData& drawn = view_->curves.data;
  charts_->setCurves(drawn);
  reach_->setCurves(drawn);
  std::vector<std::string> notes;
  if (!drawn.panels.empty()) {
    const std::size_t left = view_->curves.panels - drawn.panels.size();
    notes = {drawn.headings.subtitle, cat("Bands: ", drawn.bandLabel, "."), drawn.headings.notes,
             chanceNote(view_->curves.points),
             left > 0 ? cat(left, " more charts are not shown; choose a dataset, or fewer panels.") : "", view_->problem,
             view_->curves.rough.empty() ? "" : "Intervals over query pictures are being made."};
    std::erase(notes, "");
  }
  notes_->setText(QString::fromStdString(join(notes, " ")));
  charts_->setVisible(!drawn.panels.empty());
  nothing_->setVisible(drawn.panels.empty());
  showPart();
  Q_EMIT curvesShown();
}

void CurvesPage::choosePart() {
  const auto isEmptied = [](const CheckList& list) { return list.count() > 0 && list.checked().empty(); };
  pane_->choose({.dataset = filterOf(view_->dataset),
                 .labelSet = filterOf(view_->labelSet),
                 .uncheckedAdapters = adapters_->changedNames(),
                 .uncheckedCheckpoints = checkpoints_->changedNames(),
                 .isEmptied = isEmptied(*adapters_) || isEmptied(*checkpoints_),
                 .suite = wish().within});
}

bool CurvesPage::isOther() const { return figureBox_->currentIndex() > 0; }

void CurvesPage::chooseFigure() {
  if (isOther()) {
    if (const auto kind = findFigureKind(figureBox_->currentData().toString().toStdString())) {
      pane_->show(**kind);
    }
  }
  recompute();
  showPart();
}

void CurvesPage::showPart() {
  const bool any = view_ != nullptr && !view_->options.datasets.empty();
  stack_->setCurrentIndex(isOther() || any ? 1 : 0);
  middle_->setCurrentIndex(isOther() ? 1 : 0);
  side_->setVisible(any);
  save_->setEnabled(visibleFigure() != nullptr);
}

void CurvesPage::fillChoices() {
  const auto fill = [](QComboBox* box, const std::vector<std::string>& names, const QString& all,
                       const std::string& chosen) {
    const QSignalBlocker quiet(box);
    box->clear();
    for (const std::string& name : names) {
      box->addItem(QString::fromStdString(name), QString::fromStdString(name));
    }
    if (names.size() > 1 || chosen == kAll) {
      box->addItem(all, kAll);
    }
    box->setCurrentIndex(std::max(0, box->findData(QString::fromStdString(chosen))));
  };
  fill(datasetBox_, view_->options.datasets, tr("All datasets"), view_->dataset);
  fill(labelBox_, view_->options.labelSets, tr("All label sets"), view_->labelSet);
  std::vector<CheckList::Row> adapters, checkpoints;
  for (const std::string& name : view_->options.adapters) {
    adapters.push_back({name, QString::fromStdString(adapterTitle(name)), {}});
  }
  for (const std::string& name : view_->options.checkpoints) {
    checkpoints.push_back({name, QString::fromStdString(name), {}});
  }
  adapters_->setRows(adapters);
  checkpoints_->setRows(checkpoints);
}

void CurvesPage::showPoint(int panel, int series, int point) {
  if (view_ == nullptr) {
    return;
  }
  if (const store::CurvePoint* behind = view_->curves.behind(panel, series, point)) {
    clicked_ = *behind;
    point_->setPoint(*behind, QString::fromStdString(desk().folder().string()));
    point_->show();
  }
}

void CurvesPage::showForm(bool visible) {
  form_->setVisible(visible);
  measure_->setChecked(visible);
  if (visible) {
    point_->hide();  // a small window has no room for both
    form_->begin(view_ == nullptr ? "" : filterOf(view_->dataset));
  }
}

Page* makeCurvesPage(Desk& desk) { return new CurvesPage(desk); }

}  // namespace lix::app
