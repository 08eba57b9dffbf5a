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

 private:
  QGridLayout* grid_;
  QLabel* warnings_;
};

}  // namespace lix::app
