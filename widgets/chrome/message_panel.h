#pragma once
#include <QString>
#include <QWidget>

namespace lix::widgets {

enum class Severity { Info, Warning, Error };

/// What happened, newest first, instead of message boxes: a time, a mark, one sentence, with details (a list of skipped
/// files) folded under it. Repeated sentences count up. Copy and clear by the context menu and keys.
class MessagePanel : public QWidget {
  Q_OBJECT

 public:
  explicit MessagePanel(QWidget* parent = nullptr);
  void add(Severity severity, const QString& sentence, const QString& details = {});
  void clear();
  int count() const;
  /// Newest first, for tests and for copying.
  QStringList sentences() const;
  int unread(Severity atLeast) const;
  void markRead();

 Q_SIGNALS:
  void unreadChanged();

 private:
  class Parts;
  Parts* parts_;
};

}  // namespace lix::widgets
