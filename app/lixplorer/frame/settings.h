#pragma once
#include <QByteArray>
#include <QString>
#include <QStringList>

#include "theme/theme.h"

namespace lix::app {

/// What belongs to the person and not to a workspace, kept in the user's configuration folder (or the file named by
/// LIX_SETTINGS). Keys of other versions are left alone.
namespace settings {

widgets::ThemeChoice theme();
void setTheme(widgets::ThemeChoice choice);

QByteArray geometry();
void setGeometry(const QByteArray& geometry);
QByteArray splitter();
void setSplitter(const QByteArray& splitter);

/// The workspaces that were opened last, the newest first.
QStringList recentWorkspaces();
void addRecentWorkspace(const QString& folder);

}  // namespace settings
}  // namespace lix::app
