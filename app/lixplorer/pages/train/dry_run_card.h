#pragma once
#include <QByteArray>
#include <QFrame>
#include <QStringList>
#include <optional>
#include <utility>
#include <vector>

class QGridLayout;
class QLabel;

namespace lix::app {

class WarningList;

/// What `lixp train --dry-run --json` printed, for people: named numbers and sentences of warning.
struct DryRunText {
  std::vector<std::pair<QString, QString>> numbers;
  QStringList warnings;
};
/// Nothing where that is no dry run's output.
std::optional<DryRunText> dryRunText(const QByteArray& json);

/// Shows it.
class DryRunCard : public QFrame {
  Q_OBJECT

 public:
  explicit DryRunCard(QWidget* parent = nullptr);
  void setText(const DryRunText& text);
  /// The form asks for another run by now.
  void setOutdated();

 private:
  QGridLayout* grid_;
  QLabel* title_;
  WarningList* warnings_;
};

}  // namespace lix::app
