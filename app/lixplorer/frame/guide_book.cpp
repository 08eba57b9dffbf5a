#include "frame/guide_book.h"

#include <QDesktopServices>
#include <QFile>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <algorithm>

static void registerGuide() { Q_INIT_RESOURCE(guide); }  // outside of any namespace, as Qt demands

namespace lix::app {
namespace {

constexpr const char* kPages[]{"README", "inspect", "support", "data", "train", "curves", "compare"};
constexpr int kListWidth = 180, kTextMargin = 20;
constexpr const char* kFolder = "qrc:/docs/guide/";

/// Pictures no wider than the page; links to other pages of the guide stay in the window.
class Pages : public QTextBrowser {
 public:
  using QTextBrowser::QTextBrowser;

 protected:
  QVariant loadResource(int type, const QUrl& name) override {
    const QVariant loaded = QTextBrowser::loadResource(type, name);
    if (type != QTextDocument::ImageResource) {
      return loaded;
    }
    const QImage image = QImage::fromData(loaded.toByteArray());
    const int most = std::max(200, viewport()->width() - 2 * int(document()->documentMargin()));
    return image.width() > most ? image.scaledToWidth(most, Qt::SmoothTransformation) : image;
  }
};

/// What a page is called: of its line "# Train: from nothing, ..." what stands before the colon.
QString titleOf(const QString& page) {
  QFile file(QStringLiteral(":/docs/guide/%1.md").arg(page));
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readLine()).mid(2).section(':', 0, 0).simplified() : page;
}

}  // namespace

GuideBook::GuideBook(QWidget* parent) : QDialog(parent) {
  registerGuide();
  setWindowTitle(tr("Guide"));
  setObjectName("guide.book");
  setModal(false);
  resize(1040, 760);
  pages_ = new QListWidget;
  pages_->setObjectName("guide.book.pages");
  pages_->setAccessibleName(tr("Pages of the guide"));
  pages_->setToolTip(tr("Arrow keys choose a page."));
  pages_->setFixedWidth(kListWidth);
  pages_->setSpacing(3);
  for (const char* page : kPages) {
    auto* item = new QListWidgetItem(titleOf(page), pages_);
    item->setData(Qt::UserRole, QString::fromLatin1(page));
  }
  text_ = new Pages;
  text_->setObjectName("guide.book.text");
  text_->setAccessibleName(tr("Text of the guide"));
  text_->setToolTip(tr("Alt+Left goes back to the page before."));
  text_->setOpenLinks(false);
  text_->setFrameShape(QFrame::NoFrame);
  text_->document()->setDocumentMargin(kTextMargin);
  auto* row = new QHBoxLayout(this);
  row->addWidget(pages_);
  row->addWidget(text_, 1);
  connect(pages_, &QListWidget::currentRowChanged, this, &GuideBook::show);
  connect(text_, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    const QUrl target = text_->source().resolved(link);
    const QString page = target.fileName().section('.', 0, 0);
    if (target.scheme() != "qrc") {
      QDesktopServices::openUrl(target);
    } else if (std::ranges::find(kPages, page) != std::end(kPages)) {
      open(page);
    } else if (QFile::exists(":" + target.path())) {
      text_->setSource(target, QTextDocument::MarkdownResource);
    }
  });
}

void GuideBook::open(const QString& page) {
  int row = 0;
  for (int i = 0; i < pages_->count(); ++i) {
    row = pages_->item(i)->data(Qt::UserRole).toString() == page ? i : row;
  }
  pages_->currentRow() == row ? show(row) : pages_->setCurrentRow(row);
  QDialog::show();
  raise();
  activateWindow();
  text_->setFocus(Qt::OtherFocusReason);
}

void GuideBook::show(int row) {
  const QString page = pages_->item(row)->data(Qt::UserRole).toString();
  text_->setSource(QUrl(QString::fromLatin1(kFolder) + page + ".md"), QTextDocument::MarkdownResource);
}

}  // namespace lix::app
