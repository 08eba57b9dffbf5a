#pragma once
#include <QColor>
#include <QIcon>
#include <QString>

#include "figures/theme.h"

class QApplication;
class QPalette;

namespace lix::widgets {

/// What the person wants; System follows the desktop's own palette at the start of the program.
enum class ThemeChoice { System, Light, Dark };

/// Sets palette, style sheet and fonts of the whole program; widgets hear of it by QEvent::PaletteChange.
/// The style sheet knows the properties `primary` (buttons), `muted` and `heading` (true or "section", labels) and
/// `card` (frames), and the object name `rail` of the bar with the pages' tool buttons.
void applyTheme(QApplication& application, ThemeChoice choice);

/// Which theme a palette belongs to: figures drawn inside a widget take it from there.
figures::Theme themeOf(const QPalette& palette);

/// The colours beyond QPalette that widgets draw with.
struct Colours {
  QColor surface;  ///< panels and cards on the window's background
  QColor raised;   ///< headers, hovered rows
  QColor border;
  QColor muted;     ///< secondary text, contrast at least 4.5
  QColor accent;    ///< selection, focus, primary buttons
  QColor onAccent;  ///< text on accent
  QColor good, warning, bad;
};
const Colours& colours(figures::Theme theme);

/// On what an icon lies: OnAccent for those in primary buttons.
enum class IconTint { Text, OnAccent };
/// An icon of widgets/theme/icons/NAME.svg in the palette's text colour, crisp at any scale; follows the theme. A name
/// that is not there gives a null icon. Names: data train inspect support curves compare runs open add remove undo redo
/// save copy search command help pause play stop cancel light dark folder picture warning error info check trash tag float
QIcon icon(const QString& name, IconTint tint = IconTint::Text);

}  // namespace lix::widgets
