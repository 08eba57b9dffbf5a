#pragma once
#include <QByteArray>
#include <QImage>
#include <QWidget>
#include <optional>
#include <vector>

#include "desk/relay.h"

class QLabel;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace lix::app {

class Desk;

/// What `lixp train --preview --json` says of a step.
struct SeenText {
  struct Picture {
    QString file, key, caption;
    QStringList read, cut;  ///< pieces of the caption that the network reads, and those that it does not
    double share = 1.0;     ///< of the picture's area that the crop leaves
    bool flipped = false;
  };
  int step = 0, steps = 0, side = 0, contextLength = 0;
  qlonglong captions = 0, truncated = 0;
  std::vector<Picture> pictures;

  /// "Step 1 of 1000: pictures of 64 pixels, captions of at most 32 tokens. ..."
  QString heading() const;
};
/// Nothing where it says something else.
std::optional<SeenText> seenText(const QByteArray& json);

/// Pictures and captions of one step as the network sees them: cropped and mirrored by the run's seed, in pieces of the
/// tokenizer, what is cut off struck out. Another step is another draw.
class DataPreview : public QWidget {
  Q_OBJECT

 public:
  explicit DataPreview(Desk& desk, QWidget* parent = nullptr);

  /// The command line of the run as the form has it, empty where it cannot be; what is shown is then of before.
  void setArguments(const QStringList& arguments);
  void draw();
  void drawNext();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  void take(const QByteArray& output);
  void showCards();
  QWidget* card(const SeenText::Picture& picture, const QImage& image);
  QString chips(const SeenText::Picture& picture) const;
  void update();

  Desk& desk_;
  Relay loading_;
  QStringList arguments_, shownArguments_;
  QString drawing_;  ///< the task, "" while there is none
  std::optional<SeenText> seen_;
  std::vector<QImage> images_;
  std::vector<QLabel*> tokens_;  ///< of each picture
  QSpinBox* step_;
  QPushButton *draw_, *next_;
  QLabel *heading_, *note_;
  QVBoxLayout* cards_;
};

}  // namespace lix::app
