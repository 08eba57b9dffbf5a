#include "frame/settings.h"

#include <QSettings>
#include <memory>

#include "store/workspace.h"

namespace lix::app::settings {
namespace {

constexpr int kMostRecent = 8;

std::unique_ptr<QSettings> open() {
  const QString file = qEnvironmentVariable("LIX_SETTINGS");
  return file.isEmpty() ? std::make_unique<QSettings>("LIxPlorer", "LIxPlorer") : std::make_unique<QSettings>(file, QSettings::IniFormat);
}

}  // namespace

widgets::ThemeChoice theme() {
  const QString name = open()->value("window/theme", "system").toString();
  return name == "dark" ? widgets::ThemeChoice::Dark : name == "light" ? widgets::ThemeChoice::Light : widgets::ThemeChoice::System;
}

void setTheme(widgets::ThemeChoice choice) {
  open()->setValue("window/theme", choice == widgets::ThemeChoice::Dark ? "dark" : choice == widgets::ThemeChoice::Light ? "light" : "system");
}

QByteArray geometry() { return open()->value("window/geometry").toByteArray(); }
void setGeometry(const QByteArray& geometry) { open()->setValue("window/geometry", geometry); }
QByteArray splitter() { return open()->value("window/splitter").toByteArray(); }
void setSplitter(const QByteArray& splitter) { open()->setValue("window/splitter", splitter); }

QStringList recentWorkspaces() { return open()->value("workspaces/recent").toStringList(); }

QString lastWorkspace() {
  for (const QString& folder : recentWorkspaces()) {
    if (store::Workspace::isIn(folder.toStdString())) {
      return folder;
    }
  }
  return {};
}

void addRecentWorkspace(const QString& folder) {
  QStringList recent = recentWorkspaces();
  recent.removeAll(folder);
  recent.prepend(folder);
  open()->setValue("workspaces/recent", QStringList(recent.mid(0, kMostRecent)));
}

QVariantMap layouts(const QString& page) { return open()->value("layouts/" + page).toMap(); }
void setLayouts(const QString& page, const QVariantMap& layouts) { open()->setValue("layouts/" + page, layouts); }

bool guideSeen() { return open()->value("guide/seen", false).toBool(); }
void setGuideSeen() { open()->setValue("guide/seen", true); }

}  // namespace lix::app::settings
