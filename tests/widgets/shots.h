#pragma once
#include <QApplication>
#include <QDir>
#include <QWidget>

#include "theme/theme.h"

namespace lix::widgets {

/// Saves the widget as NAME-light.png and NAME-dark.png into the folder named by LIX_TEST_SHOTS, for looking at; does
/// nothing where it is not set.
inline void shoot(QWidget& widget, const QString& name) {
  const QString folder = qEnvironmentVariable("LIX_TEST_SHOTS");
  if (folder.isEmpty() || !QDir().mkpath(folder)) {
    return;
  }
  for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
    applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), choice);
    QCoreApplication::processEvents();
    const QString theme = choice == ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light");
    widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, name, theme));
  }
}

}  // namespace lix::widgets
