#pragma once
#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVariantMap>

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
/// The newest of them that is still there; "" for none.
QString lastWorkspace();
void addRecentWorkspace(const QString& folder);

/// Layouts of a page's panels by the names that a person gave them (DockArea::layout()).
QVariantMap layouts(const QString& page);
void setLayouts(const QString& page, const QVariantMap& layouts);

/// Whether the guided tour was shown once.
bool guideSeen();
void setGuideSeen();

}  // namespace settings
}  // namespace lix::app
