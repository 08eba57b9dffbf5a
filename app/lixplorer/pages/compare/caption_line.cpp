#include "pages/compare/caption_line.h"

#include <QStringList>
#include <algorithm>

namespace lix::app {

CaptionLine::CaptionLine(const char* objectName, QWidget* parent) : QLineEdit(parent) {
  setObjectName(objectName);
  setAccessibleName(tr("Captions"));
  setPlaceholderText(tr("Captions: what A and B said"));
  setClearButtonEnabled(true);
  setToolTip(tr("Captions that both models read, with ; between them (Return). Empty: the classes that A and B said."));
  connect(this, &QLineEdit::editingFinished, this, [this] { Q_EMIT asked(text().trimmed()); });
  connect(this, &QLineEdit::textChanged, this, [this](const QString& text) {
    if (text.isEmpty()) {
      Q_EMIT asked({});
    }
  });
}

void CaptionLine::show(const QString& captions) {
  if (!hasFocus() && text() != captions) {
    setText(captions);
  }
}

std::vector<std::string> captionsIn(const QString& line) {
  std::vector<std::string> captions;
  for (const QString& part : line.split(';')) {
    const std::string caption = part.trimmed().toStdString();
    if (!caption.empty() && std::ranges::find(captions, caption) == captions.end()) {
      captions.push_back(caption);
    }
  }
  return captions;
}

}  // namespace lix::app
