#pragma once
#include <QObject>
#include <functional>
#include <memory>

#include "figures/figure.h"

class QKeyEvent;
class QMenu;
class QWidget;

namespace lix::widgets {

/// Copies and saves the figure that a widget shows, as PNG, SVG, PDF or, where it has numbers, as CSV: by the keys
/// Ctrl+C, Ctrl+Shift+S and Ctrl+Alt+S while a served widget has the focus, and by its context menu. Lives with the
/// widget, whose child it is.
class FigureExport : public QObject {
  Q_OBJECT

 public:
  /// `figure` makes what is shown now, null for nothing; it is asked only when something is copied or saved.
  FigureExport(QWidget* shown, std::function<std::shared_ptr<const figures::Figure>()> figure);

  /// Takes the keys and the context menu of a widget: the one that shows the figure, or one within it.
  void serve(QWidget* widget);
  /// "Ctrl+C copies ..., the context menu has all": the keys in one sentence, for tooltips.
  static QString hint();

  /// Onto the clipboard, as a picture and as SVG, or as CSV; failures come by `failed`.
  void copy();
  void copyData();
  /// Ask for a file name (without waiting for the answer) and save; failures come by `failed`.
  void saveAs();
  void saveData();

  bool eventFilter(QObject* object, QEvent* event) override;

 Q_SIGNALS:
  void failed(const QString& sentence);

 private:
  enum class Offer { Everything, DataOnly };
  std::shared_ptr<const figures::Figure> shown() const { return figure_ ? figure_() : nullptr; }
  bool keyPressed(const QKeyEvent& event);
  void showMenu(const QPoint& at, const figures::Figure& figure);
  void ask(Offer offer);
  void save(const QString& path);
  double fileWidth() const;

  QWidget* widget_;
  std::function<std::shared_ptr<const figures::Figure>()> figure_;
};

}  // namespace lix::widgets
