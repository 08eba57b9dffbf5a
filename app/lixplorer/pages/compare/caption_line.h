#pragma once
#include <QLineEdit>
#include <string>
#include <vector>

namespace lix::app {

/// The captions that both models read, with ; between them; empty: what the models said of the picture.
class CaptionLine : public QLineEdit {
  Q_OBJECT

 public:
  explicit CaptionLine(const char* objectName, QWidget* parent = nullptr);
  /// Unless a person types into it now.
  void show(const QString& captions);

 Q_SIGNALS:
  void asked(const QString& captions);
};

/// Its captions, each once; none where there are only blanks.
std::vector<std::string> captionsIn(const QString& line);

}  // namespace lix::app
