#pragma once
#include <QAbstractButton>
#include <QHash>
#include <QStringList>
#include <vector>

#include "figures/parts.h"

namespace lix::widgets {

/// An entry of a legend as a button: a click hides or shows its line, a double click (or Return) shows it alone.
class LegendButton : public QAbstractButton {
  Q_OBJECT

 public:
  explicit LegendButton(QWidget* parent = nullptr);
  void setEntry(const figures::LegendEntry& entry, const QString& meaning);
  QSize sizeHint() const override;

 Q_SIGNALS:
  void isolateAsked();
  void pressBegan();

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  figures::LegendEntry entry_;
};

/// The legend of a chart: which lines are shown.
class ChartLegend : public QWidget {
  Q_OBJECT

 public:
  explicit ChartLegend(QWidget* parent = nullptr);
  /// Lines that stay keep being hidden. What an entry means stands in its tip, by its text.
  void setEntries(const std::vector<figures::LegendEntry>& entries, const QHash<QString, QString>& meanings = {});
  bool isShown(const QString& text) const { return !hidden_.contains(text); }
  const QStringList& hidden() const { return hidden_; }
  void setHidden(const QStringList& hidden);

 Q_SIGNALS:
  void changed();

 private:
  void isolate(const QString& text);
  void refresh();
  std::vector<LegendButton*> buttons_;
  QStringList hidden_;
  QStringList hiddenBefore_;  // the press that a double click began with
};

}  // namespace lix::widgets
