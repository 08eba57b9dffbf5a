#include "frame/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QJsonDocument>
#include <QMenuBar>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QVBoxLayout>
#include <algorithm>

#include "chrome/action_table.h"
#include "chrome/job_strip.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "desk/thumbnails.h"
#include "docks/dock_area.h"
#include "frame/close_bar.h"
#include "frame/demo_workspace.h"
#include "frame/doctor_sheet.h"
#include "frame/guide.h"
#include "frame/panel_actions.h"
#include "frame/rail.h"
#include "frame/settings.h"
#include "store/layout_store.h"

namespace lix::app {
namespace {

using widgets::JobLine;

constexpr const char* kSession = "session";
constexpr int kMessagesHeight = 160, kDoctorWidth = 400;
constexpr int kKeepMs = 3000;
constexpr QSize kFrame{8, 32};  // room for the frame that the desktop draws around the window

/// A run that goes on, as the job strip shows it.
JobLine lineOf(const store::RunRow& run, const std::vector<Series>& series, bool readOnly) {
  JobLine line;
  line.id = QStringLiteral("run:%1").arg(run.id);
  line.title = QString::fromStdString(run.name);
  line.paused = run.status == store::RunStatus::Paused;
  line.canPause = line.canStop = !readOnly;
  line.canCancel = false;  // that loses steps: the Train page asks first
  line.done = run.stepsTotal > 0 ? double(run.step) / double(run.stepsTotal) : -1.0;
  line.detail = run.step == 0 ? MainWindow::tr("getting the data ready")
                              : MainWindow::tr("step %1 of %2").arg(run.step).arg(run.stepsTotal);
  if (const QString pace = QString::fromStdString(paceText(series)); !pace.isEmpty() && !line.paused) {
    line.detail += ", " + pace;
  }
  return line;
}

}  // namespace

MainWindow::MainWindow(std::unique_ptr<Desk> desk) : desk_(std::move(desk)) {
  setObjectName("mainWindow");
  setAttribute(Qt::WA_DeleteOnClose);
  setMinimumSize(880, 560);
  actions_ = std::make_unique<widgets::ActionTable>(this);
  sessionRelay_ = std::make_unique<Relay>(desk_->storing());
  build();
  addActions();
  connectDesk();
  updateTitle();
  resize(1280, 820);
  restoreGeometry(settings::geometry());
  resize(size().boundedTo(screen()->availableSize() - kFrame));  // which may be another than it was kept on
  splitter_->restoreState(settings::splitter());
  settings::addRecentWorkspace(QString::fromStdString(desk_->folder().string()));
  showPage(PageId::Inspect);
  restoreSession();
  if (!desk_->notice().isEmpty()) {
    desk_->say(widgets::Severity::Warning, desk_->notice());
  }
}

MainWindow::~MainWindow() {
  delete takeCentralWidget();  // pages go before the desk that they stand on
}

void MainWindow::build() {
  auto* centre = new QWidget;
  auto* column = new QVBoxLayout(centre);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  closeBar_ = new CloseBar;
  column->addWidget(closeBar_);
  auto* row = new QHBoxLayout;
  row->setSpacing(0);
  rail_ = new Rail;
  row->addWidget(rail_);
  stack_ = new QStackedWidget;
  pages_ = {makeDataPage(*desk_),    makeTrainPage(*desk_),  makeInspectPage(*desk_), makeSupportPage(*desk_),
            makeCurvesPage(*desk_), makeComparePage(*desk_), makeRunsPage(*desk_)};
  for (Page* page : pages_) {
    stack_->addWidget(page);
  }
  messages_ = new widgets::MessagePanel;
  messages_->setObjectName("messages");
  splitter_ = new QSplitter(Qt::Vertical);
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(stack_);
  splitter_->addWidget(messages_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setSizes({10 * kMessagesHeight, kMessagesHeight});
  messages_->hide();
  doctor_ = new DoctorSheet(*desk_);
  beside_ = new QSplitter(Qt::Horizontal);
  beside_->setChildrenCollapsible(false);
  beside_->addWidget(splitter_);
  beside_->addWidget(doctor_);
  beside_->setStretchFactor(0, 1);
  beside_->setSizes({3 * kDoctorWidth, kDoctorWidth});
  row->addWidget(beside_, 1);
  column->addLayout(row, 1);
  guide_ = new Guide(*this);
  column->addWidget(guide_);
  jobs_ = new widgets::JobStrip;
  jobs_->setObjectName("jobs");
  column->addWidget(jobs_);
  setCentralWidget(centre);
}

void MainWindow::hand(PageId id, const Payload& payload) {
  showPage(id);
  if (page(id)->accepts(payload)) {
    page(id)->receive(payload);
  } else {
    page(id)->refuse(payload);
  }
}

void MainWindow::connectDesk() {
  connect(rail_, &Rail::chosen, this, &MainWindow::showPage);
  connect(rail_, &Rail::dropped, this, &MainWindow::hand);
  connect(desk_.get(), &Desk::handedOver, this, &MainWindow::hand);
  connect(desk_.get(), &Desk::showAsked, this, [this](PageId id, const QString& what) {
    showPage(id);
    if (!what.isEmpty()) {
      page(id)->open(what);
    }
  });
  connect(actions_.get(), &widgets::ActionTable::scopeAsked, this, [this](const QString& scope) {
    for (const Page* one : pages_) {
      if (pageName(one->id()) == scope) {
        showPage(one->id());
      }
    }
  });
  connect(desk_.get(), &Desk::said, this, [this](widgets::Severity severity, const QString& sentence, const QString& details) {
    messages_->add(severity, sentence, details);
    const bool wasClosed = messages_->property(kClosedByHand).toBool();  // then only what went wrong opens it again
    if (severity == widgets::Severity::Error || (severity == widgets::Severity::Warning && !wasClosed)) {
      messages_->show();
    }
    actions_->action("view.messages")->setChecked(messages_->isVisibleTo(this));
  });
  connectJobs();
  connectCloseBar();
  connectDoctor();
  keeping_.setInterval(kKeepMs);
  connect(&keeping_, &QTimer::timeout, this, &MainWindow::saveSession);
}

void MainWindow::connectDoctor() {
  connect(desk_.get(), &Desk::examineAsked, this, [this](const QString& path) {
    const bool hidden = doctor_->isHidden();
    doctor_->look(path.toStdString());
    if (hidden && doctor_->width() < kDoctorWidth) {  // a hidden widget has no share of a splitter yet
      beside_->setSizes({std::max(beside_->width() - kDoctorWidth, 0), kDoctorWidth});
    }
    actions_->action("view.doctor")->setChecked(true);
  });
  connect(doctor_, &DoctorSheet::closed, this, [this] {
    doctor_->hide();
    actions_->action("view.doctor")->setChecked(false);
    page(current_)->setFocus();
  });
}

void MainWindow::connectJobs() {
  connect(&desk_->runs(), &RunWatch::changed, this, &MainWindow::updateJobs);
  connect(&desk_->runs(), &RunWatch::seriesChanged, this, &MainWindow::updateJobs);  // which tell the pace
  connect(&desk_->tasks(), &Tasks::changed, this, &MainWindow::updateJobs);
  connect(jobs_, &widgets::JobStrip::pauseAsked, this, [this](const QString& id) { onJobButton(id, store::RunRequest::Pause); });
  connect(jobs_, &widgets::JobStrip::resumeAsked, this, [this](const QString& id) { onJobButton(id, store::RunRequest::Resume); });
  connect(jobs_, &widgets::JobStrip::stopAsked, this, [this](const QString& id) { onJobButton(id, store::RunRequest::Stop); });
  connect(jobs_, &widgets::JobStrip::cancelAsked, this, [this](const QString& id) { desk_->tasks().cancel(id); });
  connect(jobs_, &widgets::JobStrip::opened, this, [this](const QString& id) {
    if (id.startsWith("run:")) {
      desk_->show(PageId::Train, id);
    }
  });
}

QStringList MainWindow::goingRuns() const {
  QStringList names;
  for (const store::RunRow& run : desk_->runs().runs()) {
    if (desk_->runs().isActive(run) && desk_->runs().isHere(run)) {
      names << QString::fromStdString(run.name);
    }
  }
  return names;
}

void MainWindow::connectCloseBar() {
  connect(&desk_->runs(), &RunWatch::changed, this, [this] {
    if (!goingRuns().isEmpty()) {
      return;
    }
    closeBar_->hide();  // what it asked about is over
    if (closeWhenIdle_) {
      close();
    }
  });
  connect(closeBar_, &CloseBar::closeAsked, this, [this] {
    closing_ = true;
    close();
  });
  connect(closeBar_, &CloseBar::stopAsked, this, [this] {
    closeWhenIdle_ = !desk_->isReadOnly();
    for (const store::RunRow& run : desk_->runs().runs()) {
      if (desk_->runs().isActive(run) && desk_->runs().isHere(run)) {
        desk_->runs().request(run.id, store::RunRequest::Stop);
      }
    }
  });
  connect(closeBar_, &CloseBar::stayed, this, [this] { closeWhenIdle_ = false; });
}

void MainWindow::onJobButton(const QString& id, store::RunRequest request) {
  desk_->runs().request(id.mid(QStringLiteral("run:").size()).toLongLong(), request);
}

void MainWindow::updateJobs() {
  std::vector<widgets::JobLine> lines;
  for (const store::RunRow& run : desk_->runs().runs()) {
    if (desk_->runs().isActive(run)) {
      lines.push_back(lineOf(run, desk_->runs().series(run.id), desk_->isReadOnly()));
      lines.back().secondsLeft = desk_->runs().secondsLeft(run);
    }
  }
  const auto tasks = desk_->tasks().lines();
  lines.insert(lines.end(), tasks.begin(), tasks.end());
  jobs_->setJobs(lines);
}

void MainWindow::showPage(PageId id) {
  if (stack_->currentWidget() == page(id) && current_ == id) {
    rail_->setCurrent(id);
    return;
  }
  page(current_)->hidden();
  current_ = id;
  desk_->thumbnails().dropWishes();
  stack_->setCurrentWidget(page(id));
  rail_->setCurrent(id);
  actions_->setScope(pageName(id));
  panels_->setPage(page(id));
  page(id)->shown();
}

void MainWindow::saveSession() {
  if (desk_->isReadOnly() || !restored_) {
    return;
  }
  QJsonObject pages;
  for (const Page* one : pages_) {
    QJsonObject state = one->state();
    if (const widgets::DockArea* docks = one->docks()) {
      state["panelLayout"] = QString::fromLatin1(docks->layout().toBase64());
    }
    pages[pageName(one->id())] = state;
  }
  const QJsonObject session{{"page", pageName(current_)}, {"pages", pages}};
  const std::string text = QJsonDocument(session).toJson(QJsonDocument::Compact).toStdString();
  if (text != kept_) {
    kept_ = text;
    desk_->write([text](const store::Workspace& workspace) { return store::LayoutStore(workspace).save(kSession, text); });
  }
}

void MainWindow::restoreSession() {
  desk_->ask(*sessionRelay_, [](const store::Workspace& workspace) { return store::LayoutStore(workspace).load(kSession); },
             [this](Result<std::optional<std::string>> text) {
               if (!text) {
                 desk_->say(text.error());
                 return;  // what could not be read is not written over
               }
               const QJsonObject session = *text ? QJsonDocument::fromJson(QByteArray::fromStdString(**text)).object() : QJsonObject();
               const QJsonObject pages = session["pages"].toObject();
               for (Page* one : pages_) {
                 const QJsonObject state = pages[pageName(one->id())].toObject();
                 if (widgets::DockArea* docks = one->docks(); docks != nullptr && state["panelLayout"].isString()) {
                   docks->setLayout(QByteArray::fromBase64(state["panelLayout"].toString().toLatin1()));
                 }
                 one->restore(state);
                 if (pageName(one->id()) == session["page"].toString()) {
                   showPage(one->id());
                 }
               }
               restored_ = true;
               keeping_.start();
               offerGuide();
               Q_EMIT restored();
             });
}

void MainWindow::offerGuide() {
  std::error_code ignored;
  if (!settings::guideSeen() && std::filesystem::equivalent(desk_->folder(), demoWorkspaceFolder(), ignored)) {
    settings::setGuideSeen();
    guide_->start();
  }
}

void MainWindow::updateTitle() {
  const QString name = QString::fromStdString(desk_->folder().filename().string());
  setWindowTitle(desk_->isReadOnly() ? tr("%1 (read only) - LIxPlorer").arg(name) : tr("%1 - LIxPlorer").arg(name));
}

void MainWindow::setTheme(widgets::ThemeChoice choice) {
  settings::setTheme(choice);
  widgets::applyTheme(*qApp, choice);
}

void MainWindow::openWorkspace(const std::filesystem::path& folder, store::OpenMode mode) {
  std::error_code ignored;
  if (std::filesystem::equivalent(folder, desk_->folder(), ignored)) {
    return;
  }
  auto opened = Desk::open(folder, mode);
  if (!opened) {
    desk_->say(opened.error());
    return;
  }
  saveSession();
  auto* next = new MainWindow(std::move(*opened));
  next->show();
  closing_ = true;
  close();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  const QStringList going = goingRuns();
  if (!going.isEmpty() && !closing_) {
    closeBar_->ask(going);
    event->ignore();
    return;
  }
  settings::setGeometry(saveGeometry());
  settings::setSplitter(splitter_->saveState());
  saveSession();
  event->accept();
}

}  // namespace lix::app
