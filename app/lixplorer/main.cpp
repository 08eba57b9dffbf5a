#include <unistd.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QTextStream>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "frame/demo_workspace.h"
#include "frame/main_window.h"
#include "frame/settings.h"
#include "frame/timing.h"
#include "frame/translation.h"
#include "pages/inspect/inspect_page.h"

namespace {

/// libgomp's threads spin while they wait, which stalls the window; it reads its policy when it is loaded, so the program
/// must be begun again with the policy set. LIXPLORER_STARTED guards against a loop.
void usePassiveWaiting(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("LIXPLORER_STARTED") == nullptr) {
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::setenv("LIXPLORER_STARTED", "1", 1);
    std::error_code unreadable;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", unreadable);
    ::execv(unreadable ? "/proc/self/exe" : self.c_str(), argv);
  }
}

/// Help and version are texts: they need no display, and on a machine without one they would end in the plugin's words.
void needNoDisplayForTexts(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help" || word == "-h" || word == "--help-all" || word == "--version" || word == "-v") {
      ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
    }
  }
}

int refuse(const QString& sentence) {
  QTextStream(stderr) << sentence << Qt::endl;
  return EXIT_FAILURE;
}

void tellTiming(lix::app::MainWindow& window) {
  auto* page = static_cast<lix::app::InspectPage*>(window.page(lix::app::PageId::Inspect));
  QObject::connect(page, &lix::app::InspectPage::readingShown, page,
                   [] { QTextStream(stderr) << "first picture: " << qRound(lix::app::processAgeMs()) << " ms" << Qt::endl; },
                   Qt::SingleShotConnection);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace lix;
  usePassiveWaiting(argv);
  needNoDisplayForTexts(argc, argv);
  app::TimedApplication application(argc, argv);
  QApplication::setApplicationName("LIxPlorer");
  QApplication::setApplicationVersion(LIX_VERSION);
  QApplication::setDesktopFileName("lixplorer");
  app::loadTranslation(application);

  QCommandLineParser parser;
  parser.setApplicationDescription(QApplication::translate("main", "Workbench for contextual vision-language pretraining (LIxP, Llip)."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument("workspace", QApplication::translate("main", "Folder of the workspace; without one that which was open last, or the demo workspace."), "[WORKSPACE]");
  const QCommandLineOption fresh("new", QApplication::translate("main", "Make the workspace where there is none."));
  const QCommandLineOption workspace("workspace", QApplication::translate("main", "The same as WORKSPACE, as lixp takes it."), "folder");
  const QCommandLineOption page("page", QApplication::translate("main", "Page to show: data, train, inspect, support, curves, compare, runs."), "name");
  const QCommandLineOption timing("timing", QApplication::translate("main", "Say on standard error when the first picture was shown, and at the end how long events kept the window waiting."));
  parser.addOptions({fresh, workspace, page, timing});
  parser.process(application);

  std::filesystem::path folder;
  const QStringList folders = parser.positionalArguments() + parser.values(workspace);
  if (folders.size() > 1) {
    return refuse(QApplication::translate("main", "One workspace is opened at a time; these were given: %1.").arg(folders.join(", ")));
  }
  const QString last = app::settings::lastWorkspace();
  if (folders.isEmpty() && !last.isEmpty()) {
    folder = last.toStdString();
  } else if (folders.isEmpty()) {
    auto demo = app::makeDemoWorkspace();
    if (!demo) {
      return refuse(QString::fromStdString(demo.error().message));
    }
    folder = *demo;
  } else {
    folder = folders.first().toStdString();
  }
  auto desk = app::Desk::open(folder, parser.isSet(fresh) ? store::OpenMode::Create : store::OpenMode::ReadWrite);
  if (!desk) {
    return refuse(QString::fromStdString(desk.error().message));
  }
  widgets::applyTheme(application, app::settings::theme());
  auto* window = new app::MainWindow(std::move(*desk));
  for (int i = 0; i < app::kPageCount; ++i) {
    const auto id = static_cast<app::PageId>(i);
    if (app::pageName(id) == parser.value(page)) {
      QObject::connect(window, &app::MainWindow::restored, window, [window, id] { window->showPage(id); });
    }
  }
  if (parser.isSet(timing)) {
    application.restart();
    tellTiming(*window);
  }
  window->show();
  app::measureDemo(window->desk());
  const int code = QApplication::exec();
  if (parser.isSet(timing)) {
    const auto handlers = application.handlers();
    QTextStream(stderr) << QString("handlers: p99.9 %1 ms, longest %2 ms (%3), %4 events")
                               .arg(handlers.p999, 0, 'f', 2).arg(handlers.longest, 0, 'f', 1).arg(handlers.longestOf).arg(handlers.events)
                        << Qt::endl;
  }
  return code;
}
