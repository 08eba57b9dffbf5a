#pragma once
#include <QFont>
#include <QList>
#include <QPixmap>

class QPalette;

namespace lix::widgets {

/// How many pictures a drag shows at most.
inline constexpr int kMostInDragPicture = 3;

/// What hangs on the pointer during a drag: the first pictures as a stack (null ones as empty cards) and how many are
/// carried in all. Scale is device pixels a logical pixel.
QPixmap dragPicture(const QList<QPixmap>& top, qsizetype count, const QPalette& palette, const QFont& font,
                    double scale);

}  // namespace lix::widgets
