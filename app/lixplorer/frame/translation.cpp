#include "frame/translation.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>
#include <memory>

namespace lix::app {
namespace {

bool install(QApplication& application, const QLocale& locale, const QString& name, const QString& folder, QString* file) {
  auto translator = std::make_unique<QTranslator>(&application);
  if (!translator->load(locale, name, "_", folder)) {
    return false;
  }
  if (file != nullptr) {
    *file = translator->filePath();
  }
  return QApplication::installTranslator(translator.release());
}

}  // namespace

QString loadTranslation(QApplication& application) {
  const QString wanted = qEnvironmentVariable("LIX_LANGUAGE");
  const QLocale locale = wanted.isEmpty() ? QLocale::system() : QLocale(wanted);
  QString file;
  for (const QString& folder : {QStringLiteral(":/translations"), QApplication::applicationDirPath()}) {
    if (install(application, locale, "lixplorer", folder, &file)) {
      // Qt's own texts only where ours are there, so that no window speaks two languages.
      install(application, locale, "qtbase", QLibraryInfo::path(QLibraryInfo::TranslationsPath), nullptr);
      return file;
    }
  }
  return {};
}

}  // namespace lix::app
