#pragma once
#include <QColor>
#include <QPixmap>
#include <QString>
#include <optional>
#include <utility>
#include <vector>

#include "figures/theme.h"
#include "store/run_store.h"

namespace lix::app {

class Desk;

/// How a run's status is shown: word, icon and colour, so that none of them is needed alone.
/// A run that a person stopped reads "Stopped", one that was cut off "Interrupted", a queued one in the trash "Never
/// started".
QString statusText(const store::RunRow& run);
QColor statusColour(store::RunStatus status, figures::Theme theme);
/// The status's icon in its colour, `side` device pixels.
QPixmap statusPixmap(store::RunStatus status, figures::Theme theme, int side);

/// A moment as the database keeps it, in local time: "today 17:05", "12 Nov 17:05", "12 Nov 2024"; "" stays "".
QString momentText(const std::string& moment);
/// From its start to its end, or until now where it goes on; negative where it has not begun.
double secondsOf(const store::RunRow& run);

/// What was asked for as the Train form calls it, and with what it was computed; what is not known is left out.
std::vector<std::pair<QString, QString>> settingRows(const store::RunRow& run);
/// The step of the checkpoint that the run wrote last, as the shelf knows it; nothing where it wrote none.
std::optional<long long> checkpointStep(Desk& desk, const store::RunRow& run);
/// How Continue would begin: from which checkpoint, or again; "" for runs that cannot be continued.
QString continueText(Desk& desk, const store::RunRow& run);
/// What the run's program has to say, without what only a terminal could do about it; "" for nothing, and for a run that
/// was stopped, whose status says so.
QString messageText(const store::RunRow& run);
/// Whether that is a remark on the data or good news, and nothing to warn of.
bool isRemark(const QString& message);
bool canBeContinued(const store::RunRow& run);

/// Pictures per step as the settings tell, 0 where they do not.
int batchOf(const store::RunRow& run);

/// "12.3 MB".
QString bytesText(double bytes);

}  // namespace lix::app
