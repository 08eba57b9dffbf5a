#pragma once
#include <QColor>
#include <QPixmap>
#include <QString>
#include <utility>
#include <vector>

#include "figures/theme.h"
#include "store/run_store.h"

namespace lix::app {

/// How a run's status is shown: word, icon and colour, so that none of them is needed alone.
QString statusText(store::RunStatus status);
QColor statusColour(store::RunStatus status, figures::Theme theme);
/// The status's icon in its colour, `side` device pixels.
QPixmap statusPixmap(store::RunStatus status, figures::Theme theme, int side);

/// A moment as the database keeps it, in local time: "today 17:05", "12 Nov 17:05", "12 Nov 2024"; "" stays "".
QString momentText(const std::string& moment);
/// From its start to its end, or until now where it goes on; negative where it has not begun.
double secondsOf(const store::RunRow& run);

/// What was asked for, key by key as the run's settings hold it.
std::vector<std::pair<QString, QString>> settingRows(const store::RunRow& run);
/// Pictures per step as the settings tell, 0 where they do not.
int batchOf(const store::RunRow& run);

/// "12.3 MB".
QString bytesText(double bytes);

}  // namespace lix::app
