#pragma once
#include <QColor>
#include <QFont>

namespace lix::figures {

enum class Theme { Light, Dark };

/// The plain colours of a theme; text colours have a contrast of at least 4.5 to the background.
struct Palette {
  QColor background;
  QColor ink;    ///< titles, labels
  QColor muted;  ///< numbers on axes, notes
  QColor grid;   ///< lines behind data, tracks of bars
  QColor axis;   ///< ticks, leaders, frames
  QColor right;  ///< frame of a right prediction
  QColor wrong;  ///< frame of a wrong prediction
  QColor blank;  ///< cells without a number
};

const Palette& palette(Theme theme);

/// Eight colours told apart with any colour vision, after Okabe and Ito (Color Universal Design, 2008), darkened or
/// lightened to a contrast of at least 3 to the background; repeats beyond eight.
QColor categorical(Theme theme, int index);
inline constexpr int kCategoricalCount = 8;

/// Contrast ratio of two colours as WCAG 2 defines it, 1 to 21.
double contrast(const QColor& a, const QColor& b);
/// Relative luminance as WCAG 2 defines it, 0 to 1.
double luminance(const QColor& colour);

enum class TextRole { Title, Subtitle, PanelTitle, Label, Tick, Small };

/// The generic sans font in logical pixels, unhinted, so that a text is as wide in every kind of file.
QFont font(TextRole role);

}  // namespace lix::figures
