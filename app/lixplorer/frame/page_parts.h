#pragma once
#include <QLabel>
#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QScrollArea;

namespace lix::app {

/// The first row of every page: title left, a muted line about what the page is for, controls right.
class PageHeader : public QWidget {
  Q_OBJECT

 public:
  PageHeader(const QString& title, const QString& hint, QWidget* parent = nullptr);
  void addControl(QWidget* control);
  /// Replaces the muted line.
  void setHint(const QString& hint);

 private:
  QHBoxLayout* controls_;
  QLabel* hint_;
};

/// A control under a small muted label that names it (and is its buddy for screen readers).
QWidget* labelled(const QString& label, QWidget* control);

/// A widget that scrolls up and down when it is taller than its place.
QScrollArea* scrolled(QWidget* content);

/// What an empty page says: an icon, what will be here, how to get it, and a button that does so.
class EmptyState : public QWidget {
  Q_OBJECT

 public:
  EmptyState(const QString& icon, const QString& title, const QString& text, QWidget* parent = nullptr);
  QPushButton* addButton(const QString& text);
  void setText(const QString& title, const QString& text);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QString icon_;
  QLabel *picture_, *title_, *text_;
};

}  // namespace lix::app
