#include "pages/data/details_panel.h"

#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <algorithm>

#include "desk/desk.h"
#include "frame/preview.h"
#include "pages/data/dropped_paths.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSide = 640;             // of the preview that is kept
constexpr auto kCaptions = std::size_t(100);  // listed; more are counted
constexpr qsizetype kLongest = 2000;    // characters of one caption that are shown

QString splitName(data::Split split) {
  switch (split) {
    case data::Split::Train:
      return DetailsPanel::tr("train");
    case data::Split::Validation:
      return DetailsPanel::tr("validation");
    case data::Split::Test:
      break;
  }
  return DetailsPanel::tr("test");
}

/// A paragraph in its own direction, whatever the window's is.
QString paragraph(const QString& text) {
  return QStringLiteral("<p dir=\"%1\" style=\"margin:0 0 6px 0\">%2</p>")
      .arg(text.isRightToLeft() ? "rtl" : "ltr", text.toHtmlEscaped());
}

struct Seen {
  QImage image;
  QSize pixels;
  QString problem;
};

}  // namespace

FittedPicture::FittedPicture(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  setMinimumHeight(90);
  setAccessibleName(tr("Selected picture"));
  setToolTip(tr("The selected picture; a click, or Space in the grid, shows it large."));
}

void FittedPicture::setImage(const QImage& image, const QString& text) {
  image_ = image;
  text_ = text;
  setAccessibleDescription(text);
  update();
}

void FittedPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colours = widgets::colours(widgets::themeOf(palette()));
  painter.setPen(colours.border);
  painter.setBrush(colours.raised);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
  const QRectF space = QRectF(rect()).adjusted(6, 6, -6, -6);
  if (image_.isNull()) {
    painter.setPen(colours.muted);
    painter.drawText(space, Qt::AlignCenter | Qt::TextWordWrap, text_);
    return;
  }
  QSizeF size = image_.size();
  size *= std::min({space.width() / size.width(), space.height() / size.height(), 6.0});
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  painter.drawImage(QRectF(space.center() - QPointF(size.width() / 2.0, size.height() / 2.0), size), image_);
}

void FittedPicture::mousePressEvent(QMouseEvent*) {
  if (!image_.isNull()) {
    Q_EMIT clicked();
  }
}

DetailsPanel::DetailsPanel(Desk& desk, QWidget* parent)
    : QWidget(parent), desk_(desk), relay_(desk.io()), picture_(new FittedPicture), text_(new QTextBrowser), selected_(new QLabel) {
  setObjectName("data.details");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  text_->setObjectName("data.about");
  text_->setAccessibleName(tr("About the selected picture"));
  text_->setToolTip(tr("Name, captions, classes and place of the selected picture; the text can be copied (Ctrl+C)."));
  text_->setFrameShape(QFrame::NoFrame);
  text_->setOpenLinks(false);
  text_->setAcceptDrops(false);
  text_->setTabChangesFocus(true);
  text_->setMinimumHeight(60);
  text_->setPlaceholderText(tr("Captions, classes, split, size and place of the selected picture."));
  selected_->setProperty("muted", true);
  selected_->setObjectName("data.sendLabel");

  const auto button = [&](const QString& id, const QString& icon, const QString& text, const QString& tip, PageId page) {
    auto* made = new QPushButton(widgets::icon(icon), text);
    made->setObjectName("data.send." + id);
    made->setAccessibleName(tr("Send to %1").arg(text));
    made->setToolTip(tip);
    connect(made, &QPushButton::clicked, this, [this, page] { Q_EMIT sendAsked(page); });
    return made;
  };
  inspect_ = button("inspect", "inspect", tr("Inspect"), tr("Scores, weights and context of the selected pictures (Ctrl+Shift+I)."), PageId::Inspect);
  support_ = button("support", "support", tr("Support"), tr("Puts the selected pictures into the support set (Ctrl+Shift+S)."), PageId::Support);
  compare_ = button("compare", "compare", tr("Compare"), tr("Opens the Compare page with this dataset: two checkpoints on its pictures (Ctrl+Shift+C)."), PageId::Compare);
  train_ = button("train", "train", tr("Train"), tr("Opens the Train page with this dataset (Ctrl+Shift+R)."), PageId::Train);
  compare_->setAccessibleName(tr("Compare on this dataset"));
  train_->setAccessibleName(tr("Train on this dataset"));
  auto* buttons = new QGridLayout;
  buttons->setSpacing(6);
  buttons->addWidget(inspect_, 0, 0);
  buttons->addWidget(support_, 0, 1);
  buttons->addWidget(compare_, 1, 0);
  buttons->addWidget(train_, 1, 1);
  buildKeeping();
  buttons->addWidget(keep_, 2, 0);
  buttons->addWidget(export_, 2, 1);
  column->addWidget(picture_);
  column->addWidget(text_, 1);
  column->addWidget(selected_);
  column->addLayout(buttons);
  connect(picture_, &FittedPicture::clicked, this, &DetailsPanel::previewAsked);
  setPicture(nullptr, 0, {});
  setSelected(0);
  setTrainable(false);
}

void DetailsPanel::buildKeeping() {
  keep_ = new QPushButton(widgets::icon("save"), tr("Keep..."));
  keep_->setObjectName("data.keep");
  keep_->setAccessibleName(tr("Keep the selected pictures"));
  keep_->setToolTip(tr("Keeps the selected pictures under a name, below their dataset at the left (Ctrl+Shift+K)."));
  export_ = new QPushButton(widgets::icon("folder"), tr("Export"));
  export_->setObjectName("data.export");
  export_->setAccessibleName(tr("Export pictures"));
  export_->setToolTip(tr("Writes the selected pictures, or all that are shown where none is selected: a table (Ctrl+Shift+X), "
                         "copies in class folders or WebDataset shards (Space opens the list)."));
  auto* menu = new QMenu(export_);
  menu->addAction(tr("Table of paths and captions..."), this, [this] { Q_EMIT exportAsked(PictureExport::Table); });
  menu->addAction(tr("Copies in class folders..."), this, [this] { Q_EMIT exportAsked(PictureExport::Folders); });
  menu->addAction(tr("WebDataset shards..."), this, [this] { Q_EMIT exportAsked(PictureExport::Shards); });
  export_->setMenu(menu);
  connect(keep_, &QPushButton::clicked, this, &DetailsPanel::keepAsked);
}

void DetailsPanel::setPicture(std::shared_ptr<const Collection> collection, std::size_t sample,
                              const std::filesystem::path& file) {
  const bool same = collection && collection_ && collection == collection_ && sample == sample_;
  collection_ = std::move(collection);
  sample_ = sample;
  file_ = file;
  if (same) {
    return;
  }
  relay_.drop();
  picture_->setImage({}, collection_ ? tr("Reading...") : tr("Select a picture to see it here."));
  pixels_ = {};
  text_->setHtml(collection_ ? describe() : QString());
  if (collection_) {
    read();
  }
}

void DetailsPanel::read() {
  relay_.ask(
      [shelf = &desk_.datasets(), picture = collection_->picture(sample_)](std::stop_token) -> Seen {
        const auto loaded = shelf->load(picture);
        if (!loaded) {
          return {{}, {}, QString::fromStdString(loaded.error().message)};
        }
        return {scaledQImage(*loaded, kSide), {loaded->width, loaded->height}, {}};
      },
      [this](Seen seen) {
        pixels_ = seen.pixels;
        picture_->setImage(seen.image, seen.problem);
        text_->setHtml(describe());
      });
}

void DetailsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && collection_) {
    text_->setHtml(describe());  // its colours are those of the theme
  }
  QWidget::changeEvent(event);
}

QString DetailsPanel::describe() const {
  const auto& set = collection_->set->set;
  const data::Sample& sample = set.samples[sample_];
  const QString muted = widgets::colours(widgets::themeOf(palette())).muted.name();
  const auto heading = [&](const QString& text) {
    return QStringLiteral("<p style=\"margin:4px 0 1px 0; color:%1\">%2</p>").arg(muted, text.toHtmlEscaped());
  };
  QString html;
  if (!collection_->isLoose()) {
    html += heading(sample.captions.size() == 1 ? tr("Caption") : tr("Captions"));
    for (std::size_t i = 0; i < std::min(sample.captions.size(), kCaptions); ++i) {
      const QString caption = QString::fromStdString(sample.captions[i]);
      html += paragraph(caption.size() > kLongest ? caption.left(kLongest) + QChar(0x2026) : caption);
    }
    if (sample.captions.size() > kCaptions) {
      html += paragraph(counted(sample.captions.size() - kCaptions, tr("and 1 more"), tr("and %1 more")));
    } else if (sample.captions.empty()) {
      html += paragraph(tr("none"));
    }
    for (std::size_t i = 0; i < set.labelSets.size(); ++i) {
      const int label = sample.labels[i];
      html += heading(QString::fromStdString(set.labelSets[i].name));
      html += paragraph(label < 0 ? tr("no class") : QString::fromStdString(set.labelSets[i].classes[std::size_t(label)]));
    }
    html += heading(tr("Split")) + paragraph(splitName(sample.split));
    html += heading(tr("Name")) + paragraph(QString::fromStdString(sample.key));
  }
  html += heading(tr("Size")) + paragraph(pixels_.isEmpty() ? tr("not known") : tr("%1 x %2 pixels").arg(pixels_.width()).arg(pixels_.height()));
  html += heading(tr("Place")) + paragraph(file_.empty() ? tr("drawn by the program") : QString::fromStdString(file_.string()));
  return html;
}

void DetailsPanel::setSelected(int count) {
  selected_->setText(count == 0 ? tr("Nothing is selected")
                                : counted(std::size_t(count), tr("Send 1 picture to"), tr("Send %1 pictures to")));
  for (QPushButton* button : {inspect_, support_, keep_}) {
    button->setEnabled(count > 0);
  }
}

void DetailsPanel::setTrainable(bool trainable) {
  train_->setEnabled(trainable);
  compare_->setEnabled(trainable);
}

}  // namespace lix::app
