#include "pages/train/data_preview.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "desk/desk.h"
#include "desk/tasks.h"
#include "frame/page_parts.h"
#include "theme/theme.h"

namespace lix::app {
namespace {
using nlohmann::json;

constexpr int kPicture = 112;  // pixels of the window
constexpr int kMostStep = 100'000;

QString text(const json& value) { return QString::fromStdString(value.get<std::string>()); }

QStringList texts(const json& values) {
  QStringList all;
  for (const json& one : values) {
    all << text(one);
  }
  return all;
}

SeenText::Picture pictureOf(const json& entry) {
  SeenText::Picture picture{.file = text(entry.at("file")), .key = text(entry.at("key")),
                            .caption = text(entry.at("caption")), .read = texts(entry.at("read")),
                            .cut = texts(entry.at("cut"))};
  picture.flipped = entry.at("flipped").get<bool>();
  picture.share = entry.at("crop").at(2).get<double>() * entry.at("crop").at(3).get<double>();
  return picture;
}

/// SentencePiece marks the start of a word by a low bar; as text it is a space.
QString shownPiece(QString piece) { return piece.replace(QChar(0x2581), QChar(0x00B7)).toHtmlEscaped(); }

}  // namespace

std::optional<SeenText> seenText(const QByteArray& output) {
  try {
    const json all = json::parse(output.toStdString());
    SeenText seen;
    seen.step = all.at("step").get<int>();
    seen.steps = all.at("steps").get<int>();
    seen.side = all.at("side").get<int>();
    seen.contextLength = all.at("context_length").get<int>();
    seen.captions = all.at("captions").get<qlonglong>();
    seen.truncated = all.at("truncated").get<qlonglong>();
    for (const json& entry : all.at("pictures")) {
      seen.pictures.push_back(pictureOf(entry));
    }
    return seen;
  } catch (const json::exception&) {
    return {};
  }
}

QString SeenText::heading() const {
  const QLocale locale;
  const QString first = DataPreview::tr("Step %1 of %2: pictures of %3 pixels, captions of at most %4 tokens.")
                            .arg(locale.toString(step), locale.toString(steps))
                            .arg(side)
                            .arg(contextLength);
  const QString second =
      truncated == 0
          ? DataPreview::tr("None of the %1 captions is cut off.").arg(locale.toString(captions))
          : DataPreview::tr("%1 of %2 captions (%3 %) are longer and cut off.")
                .arg(locale.toString(truncated), locale.toString(captions))
                .arg(locale.toString(captions > 0 ? 100.0 * double(truncated) / double(captions) : 0.0, 'f', 1));
  return first + " " + second;
}

DataPreview::DataPreview(Desk& desk, QWidget* parent) : QWidget(parent), desk_(desk), loading_(desk.io()) {
  build();
  connect(draw_, &QPushButton::clicked, this, &DataPreview::draw);
  connect(next_, &QPushButton::clicked, this, &DataPreview::drawNext);
  update();
}

void DataPreview::build() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  auto* label = new QLabel(tr("S&tep"));
  label->setProperty("muted", true);
  step_ = new QSpinBox;
  step_->setObjectName("train.seen.step");
  step_->setAccessibleName(tr("Step whose batch is drawn"));
  step_->setToolTip(tr("Which step's batch is drawn; each step draws other pictures, captions and crops (Up, Down)."));
  step_->setRange(1, kMostStep);
  label->setBuddy(step_);
  draw_ = new QPushButton(widgets::icon("picture"), tr("Draw"));
  draw_->setObjectName("train.seen.draw");
  next_ = new QPushButton(tr("New draw"));
  next_->setObjectName("train.seen.next");
  next_->setToolTip(tr("Draws the batch of the next step (Space)."));
  row->addWidget(label);
  row->addWidget(step_);
  row->addWidget(draw_);
  row->addWidget(next_);
  row->addStretch(1);
  column->addLayout(row);
  heading_ = new QLabel;
  heading_->setObjectName("train.seen.heading");
  heading_->setWordWrap(true);
  column->addWidget(heading_);
  note_ = new QLabel;
  note_->setObjectName("train.seen.note");
  note_->setWordWrap(true);
  note_->setProperty("muted", true);
  column->addWidget(note_);
  auto* inner = new QWidget;
  cards_ = new QVBoxLayout(inner);
  cards_->setContentsMargins(0, 0, 8, 0);
  cards_->setSpacing(10);
  cards_->addStretch(1);
  column->addWidget(scrolled(inner), 1);
}

void DataPreview::setArguments(const QStringList& arguments) {
  arguments_ = arguments;
  update();
}

void DataPreview::drawNext() {
  if (!drawing_.isEmpty()) {
    return;
  }
  step_->setValue(step_->value() + 1);
  draw();
}

void DataPreview::draw() {
  if (!drawing_.isEmpty()) {
    desk_.tasks().cancel(drawing_);
    return;
  }
  if (arguments_.isEmpty()) {
    return;
  }
  const QString folder = QString::fromStdString((desk_.cache() / "preview").string());
  const QStringList words = QStringList{"train"} << arguments_ << "--preview" << folder << "--preview-step"
                                                << QString::number(step_->value()) << "--json";
  const auto ended = std::make_shared<bool>(false);
  const QString task = desk_.tasks().runLixpForOutput(
      tr("Data as the network sees it"), words,
      [this, ended, asked = arguments_, self = QPointer<DataPreview>(this)](bool worked, const QByteArray& output) {
        *ended = true;
        if (self) {
          drawing_.clear();
          if (worked) {
            shownArguments_ = asked;
            take(output);
          }
          update();
        }
      });
  drawing_ = *ended ? QString() : task;  // one that cannot be started has ended already
  update();
}

void DataPreview::take(const QByteArray& output) {
  const auto seen = seenText(output);
  if (!seen) {
    desk_.say(widgets::Severity::Error,
              tr("The look at the data ended without pictures; is lixp of the same version as this program?"));
    return;
  }
  loading_.ask(
      [pictures = seen->pictures](std::stop_token) {
        std::vector<QImage> images;
        for (const SeenText::Picture& picture : pictures) {
          images.emplace_back(picture.file);
        }
        return images;
      },
      [this, seen](std::vector<QImage> images) {
        seen_ = seen;
        images_ = std::move(images);
        showCards();
      });
}

void DataPreview::showCards() {
  tokens_.clear();
  while (cards_->count() > 1) {  // the stretch stays
    const std::unique_ptr<QLayoutItem> item(cards_->takeAt(0));
    delete item->widget();
  }
  for (std::size_t i = 0; seen_ && i < std::min(images_.size(), seen_->pictures.size()); ++i) {
    cards_->insertWidget(int(i), card(seen_->pictures[i], images_[i]));
  }
  update();
}

QWidget* DataPreview::card(const SeenText::Picture& picture, const QImage& image) {
  auto* card = new QWidget;
  auto* row = new QHBoxLayout(card);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  auto* shown = new QLabel;
  shown->setObjectName("train.seen.picture");
  shown->setFixedSize(kPicture, kPicture);
  shown->setPixmap(QPixmap::fromImage(image.scaled(kPicture, kPicture, Qt::KeepAspectRatio, Qt::FastTransformation)));
  shown->setAccessibleName(tr("%1 as the network sees it").arg(picture.key));
  shown->setToolTip(picture.key);
  row->addWidget(shown, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  words->setSpacing(4);
  const QString crop = picture.share > 0.999 ? tr("whole picture")
                                             : tr("cropped to %1 % of its area").arg(std::lround(100.0 * picture.share));
  auto* about = new QLabel(tr("%1: %2%3").arg(picture.key, crop, picture.flipped ? tr(", mirrored") : QString()));
  about->setProperty("muted", true);
  about->setWordWrap(true);
  about->setTextFormat(Qt::PlainText);
  auto* tokens = new QLabel(chips(picture));
  tokens->setObjectName("train.seen.tokens");
  tokens_.push_back(tokens);
  tokens->setTextFormat(Qt::RichText);
  tokens->setWordWrap(true);
  tokens->setAccessibleName(picture.caption);
  tokens->setToolTip(QStringLiteral("<qt>%1</qt>").arg(picture.caption.toHtmlEscaped()));
  tokens->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* count = new QLabel(picture.cut.isEmpty()
                               ? tr("Tokens: %1").arg(picture.read.size())
                               : tr("Tokens: %1 are read, %2 are cut off").arg(picture.read.size()).arg(picture.cut.size()));
  count->setProperty("muted", true);
  words->addWidget(about);
  words->addWidget(tokens);
  words->addWidget(count);
  words->addStretch(1);
  row->addLayout(words, 1);
  return card;
}

QString DataPreview::chips(const SeenText::Picture& picture) const {
  const widgets::Colours& colours = widgets::colours(widgets::themeOf(palette()));
  QString html = "<p style='line-height:150%'>";
  for (const QString& piece : picture.read) {
    html += QStringLiteral("<span style='background-color:%1'>&nbsp;%2&nbsp;</span> ")
                .arg(colours.raised.name(), shownPiece(piece));
  }
  for (const QString& piece : picture.cut) {
    html += QStringLiteral("<span style='color:%1; text-decoration:line-through'>&nbsp;%2&nbsp;</span> ")
                .arg(colours.bad.name(), shownPiece(piece));
  }
  return html + "</p>";
}

void DataPreview::update() {
  const bool can = !arguments_.isEmpty() && !desk_.isReadOnly();
  draw_->setText(drawing_.isEmpty() ? tr("Draw") : tr("Stop"));
  draw_->setEnabled(can || !drawing_.isEmpty());
  draw_->setToolTip(drawing_.isEmpty() ? tr("Prepares the data as the run would and draws that step's batch (Ctrl+Shift+V).")
                                       : tr("Calls the drawing off (Ctrl+Shift+V)."));
  next_->setEnabled(can || !drawing_.isEmpty());  // also while it draws, or the keyboard would leave it
  heading_->setVisible(seen_.has_value());
  heading_->setText(seen_ ? seen_->heading() : QString());
  QString note;
  if (!drawing_.isEmpty()) {
    note = tr("Preparing the data; the job strip below tells how far.");
  } else if (arguments_.isEmpty()) {
    note = tr("Complete the form at the left, then draw.");
  } else if (!seen_) {
    note = tr("Press Draw to see pictures and captions exactly as the run will get them: its crops, mirroring and order "
              "by its seed, and captions in the pieces that the text tower reads.");
  } else if (shownArguments_ != arguments_) {
    note = tr("The form has changed since; draw again.");
  }
  note_->setText(note);
  note_->setVisible(!note.isEmpty());
}

void DataPreview::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && seen_) {
    for (std::size_t i = 0; i < std::min(tokens_.size(), seen_->pictures.size()); ++i) {
      tokens_[i]->setText(chips(seen_->pictures[i]));
    }
  }
}

}  // namespace lix::app
