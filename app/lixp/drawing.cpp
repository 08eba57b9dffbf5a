#include "lixp/drawing.h"

#include <QGuiApplication>

#include <cstdio>

#include "base/text.h"
#include "figures/save.h"

namespace lix::app {
namespace {

/// Qt's messages without the ones about desktop folders, which nothing here uses and containers do not have.
void say(QtMsgType, const QMessageLogContext&, const QString& message) {
  if (!message.startsWith("QStandardPaths:")) {
    std::fprintf(stderr, "%s\n", qUtf8Printable(message));
  }
}

}  // namespace

Result<Output> withDrawing(const std::function<Result<Output>()>& work) {
  if (QCoreApplication::instance() != nullptr) {
    return work();
  }
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  qInstallMessageHandler(say);
  int count = 1;
  char name[] = "lixp";
  char* arguments[] = {name, nullptr};
  const QGuiApplication application(count, arguments);  // keeps a reference to both until it ends
  return work();
}

Result<figures::Theme> themeNamed(const std::string& name) {
  if (name == "light") {
    return figures::Theme::Light;
  }
  if (name == "dark") {
    return figures::Theme::Dark;
  }
  return fail(ErrorCode::BadInput, cat("There is no theme '", name, "'; choose light or dark."));
}

Result<std::vector<std::filesystem::path>> savePngAndSvg(const figures::Figure& figure,
                                                         const std::filesystem::path& stem, figures::Theme theme) {
  std::vector<std::filesystem::path> files;
  for (const char* extension : {".png", ".svg"}) {
    files.push_back(stem.string() + extension);
    LIX_CHECK(figures::save(figure, files.back(), theme));
  }
  return files;
}

}  // namespace lix::app
