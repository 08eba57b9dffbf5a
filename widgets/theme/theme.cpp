#include "theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>
#include <QVariant>
#include <utility>
#include <vector>

// Resources of a static library are not found until they are named outside of any namespace.
static void registerThemeFiles() { Q_INIT_RESOURCE(theme); }

namespace lix::widgets {
namespace {

using figures::Theme;

constexpr auto kStartProperty = "lixStartPalette";

QColor mixed(const QColor& a, const QColor& b, double shareOfB) {
  const auto part = [&](int x, int y) { return int(x + (y - x) * shareOfB + 0.5); };
  return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

/// The window's own background: cards on it have the figures' background, so that a figure in a card has no edge.
QColor windowColour(Theme theme) { return theme == Theme::Light ? QColor(0xf5f6f8) : QColor(0x0e1115); }

QPalette makePalette(Theme theme) {
  const figures::Palette& plain = figures::palette(theme);
  const Colours& own = colours(theme);
  QPalette palette;
  const std::pair<QPalette::ColorRole, QColor> roles[] = {
      {QPalette::Window, windowColour(theme)},
      {QPalette::WindowText, plain.ink},
      {QPalette::Base, own.surface},
      {QPalette::AlternateBase, mixed(own.surface, own.raised, 0.6)},
      {QPalette::Text, plain.ink},
      {QPalette::PlaceholderText, own.muted},
      {QPalette::Button, own.raised},
      {QPalette::ButtonText, plain.ink},
      {QPalette::BrightText, own.bad},
      {QPalette::ToolTipBase, own.raised},
      {QPalette::ToolTipText, plain.ink},
      {QPalette::Highlight, own.accent},
      {QPalette::HighlightedText, own.onAccent},
      {QPalette::Link, own.accent},
      {QPalette::LinkVisited, own.accent},
      {QPalette::Light, mixed(own.raised, Qt::white, theme == Theme::Light ? 0.8 : 0.1)},
      {QPalette::Midlight, mixed(own.raised, Qt::white, theme == Theme::Light ? 0.4 : 0.05)},
      {QPalette::Mid, own.border},
      {QPalette::Dark, plain.axis},
      {QPalette::Shadow, mixed(plain.background, Qt::black, 0.6)}};
  for (const auto& [role, colour] : roles) {
    palette.setColor(role, colour);
  }
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, plain.axis);
  }
  palette.setColor(QPalette::Disabled, QPalette::Highlight, plain.axis);
  return palette;
}

QString styleSheet(Theme theme) {
  const figures::Palette& plain = figures::palette(theme);
  const Colours& own = colours(theme);
  // A name that begins with another one stands before it.
  const std::vector<std::pair<const char*, QColor>> names = {
      {"@accentHover", mixed(own.accent, theme == Theme::Light ? Qt::black : Qt::white, 0.14)},
      {"@accent", own.accent},
      {"@onAccent", own.onAccent},
      {"@soft", mixed(own.surface, own.accent, theme == Theme::Light ? 0.16 : 0.26)},
      {"@hover", mixed(own.raised, plain.ink, 0.07)},
      {"@window", windowColour(theme)},
      {"@surface", own.surface},
      {"@raised", own.raised},
      {"@border", own.border},
      {"@line", mixed(own.border, plain.axis, 0.5)},
      {"@axis", plain.axis},
      {"@thumb", mixed(own.border, plain.axis, 0.45)},
      {"@track", plain.grid},
      {"@ink", plain.ink},
      {"@muted", own.muted},
      {"@faint", plain.axis}};
  QFile file(QStringLiteral(":/theme/style.qss"));
  QString text = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
  for (const auto& [name, colour] : names) {
    text.replace(QLatin1String(name), colour.name());
  }
  text.replace(QLatin1String("@tick"), QLatin1String(theme == Theme::Light ? "tick_light" : "tick_dark"));
  return text;
}

}  // namespace

figures::Theme themeOf(const QPalette& palette) {
  const double behind = figures::luminance(palette.color(QPalette::Active, QPalette::Window));
  return behind < figures::luminance(palette.color(QPalette::Active, QPalette::WindowText)) ? Theme::Dark
                                                                                            : Theme::Light;
}

const Colours& colours(figures::Theme theme) {
  static const Colours light{.surface = figures::palette(Theme::Light).background,
                             .raised = QColor(0xeceef1),
                             .border = QColor(0xd6dadf),
                             .muted = figures::palette(Theme::Light).muted,
                             .accent = QColor(0x0069a8),
                             .onAccent = QColor(0xffffff),
                             .good = QColor(0x00734f),
                             .warning = QColor(0x875200),
                             .bad = QColor(0xb3261e)};
  static const Colours dark{.surface = figures::palette(Theme::Dark).background,
                            .raised = QColor(0x1d2228),
                            .border = QColor(0x2d333b),
                            .muted = figures::palette(Theme::Dark).muted,
                            .accent = QColor(0x56b4e9),
                            .onAccent = QColor(0x0b1117),
                            .good = QColor(0x2cc295),
                            .warning = QColor(0xf2b84b),
                            .bad = QColor(0xff7d73)};
  return theme == Theme::Light ? light : dark;
}

void applyTheme(QApplication& application, ThemeChoice choice) {
  registerThemeFiles();
  if (!application.property(kStartProperty).isValid()) {
    application.setProperty(kStartProperty, QVariant::fromValue(QApplication::palette()));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QFont font = QApplication::font();
    font.setPointSizeF(std::max(font.pointSizeF(), 10.0));  // a font in pixels answers -1
    QApplication::setFont(font);
  }
  const Theme theme = choice == ThemeChoice::System ? themeOf(application.property(kStartProperty).value<QPalette>())
                                                    : (choice == ThemeChoice::Dark ? Theme::Dark : Theme::Light);
  const QPalette palette = makePalette(theme);
  const QString sheet = styleSheet(theme);
  if (application.styleSheet() == sheet && QApplication::palette() == palette) {
    return;
  }
  // Where one style sheet follows another, Qt styles every widget anew once for each of its ancestors and itself, as
  // it walks from each of them to all below it. With none in between it does so twice in all.
  application.setStyleSheet({});
  QApplication::setPalette(palette);
  QToolTip::setPalette(palette);
  application.setStyleSheet(sheet);
}

}  // namespace lix::widgets
