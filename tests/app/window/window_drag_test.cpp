// Pictures that leave the window, and drops that a page has no use for.
#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QImage>
#include <QMimeData>
#include <QProcess>
#include <QToolButton>
#include <QTranslator>
#include <QUrl>

#include "base/file.h"
#include "chrome/action_table.h"
#include "chrome/message_panel.h"
#include "desk/drag_out.h"
#include "desk/dataset_shelf.h"
#include "frame/translation.h"
#include "image_grid/image_grid.h"
#include "pages/inspect/inspect_page.h"
#include "window_fixture.h"

namespace lix::app {
namespace {
using testing_support::dropOn;
using testing_support::waitFor;
using testing_support::WindowTest;

class WindowDrag : public WindowTest {
 protected:
  static Payload pictures(std::vector<data::PictureRef> some) { return {.pictures = std::move(some), .captions = {}, .paths = {}}; }
  bool said(const QString& part) { return window_->messages().sentences().join('|').contains(part); }
};

TEST_F(WindowDrag, DrawnPicturesGoOutAsFilesWhenSomebodyAsks) {
  const auto emoji = data::PictureRef::sample("emoji", "1F98A");
  const std::unique_ptr<QMimeData> mime(toMime(pictures({emoji}), window_->desk()));
  EXPECT_TRUE(mime->hasUrls());
  EXPECT_EQ(fromMime(*mime).pictures, std::vector{emoji}) << "our own pages take the picture itself";
  const QList<QUrl> urls = mime->urls();
  ASSERT_EQ(urls.size(), 1);
  const QImage written(urls[0].toLocalFile());
  const auto drawn = window_->desk().datasets().load(emoji);
  ASSERT_TRUE(drawn);
  EXPECT_EQ(written.size(), QSize(drawn->width, drawn->height));
  EXPECT_EQ(written.pixelColor(drawn->width / 2, drawn->height / 2).red(), drawn->row(drawn->height / 2)[3 * (drawn->width / 2)]);
  EXPECT_EQ(mime->urls(), urls) << "written once";
  EXPECT_TRUE(mime->data("text/uri-list").startsWith("file://")) << "as other programs ask for it";
}

TEST_F(WindowDrag, ACopiedEmojiIsAPngForOtherPrograms) {
  window_->showPage(PageId::Inspect);
  auto* grid = window_->findChild<widgets::ImageGrid*>("inspect.pictures");
  auto& page = static_cast<InspectPage&>(*window_->page(PageId::Inspect));
  const auto emoji = data::PictureRef::sample("emoji", "1F98A");
  page.setPictures({emoji});
  ASSERT_TRUE(waitFor([&] { return grid->model()->rowCount() == 1; }));
  grid->selectAll();
  window_->actions().action("inspect.copyPictures")->trigger();
  const QMimeData* mime = QGuiApplication::clipboard()->mimeData();
  ASSERT_TRUE(mime->hasImage());
  const auto drawn = window_->desk().datasets().load(emoji);
  ASSERT_TRUE(drawn);
  const auto image = mime->imageData().value<QImage>();
  ASSERT_EQ(image.size(), QSize(drawn->width, drawn->height));
  EXPECT_EQ(image.pixelColor(drawn->width / 2, drawn->height / 2).red(), drawn->row(drawn->height / 2)[3 * (drawn->width / 2)]);
  ASSERT_EQ(mime->urls().size(), 1);
  EXPECT_EQ(QImage(mime->urls()[0].toLocalFile()).size(), image.size());
  EXPECT_EQ(mime->text(), "1F98A");
  EXPECT_EQ(fromMime(*mime).pictures, std::vector{emoji}) << "our own pages take the picture itself";
  const std::unique_ptr<QMimeData> two(toMime(pictures({emoji, emoji}), window_->desk()));
  EXPECT_FALSE(two->hasImage()) << "files alone";
}

TEST_F(WindowDrag, FilesGoOutAsTheyAre) {
  const auto file = folder_ / "one.png";
  QImage image(8, 8, QImage::Format_RGB888);
  image.fill(Qt::red);
  ASSERT_TRUE(image.save(QString::fromStdString(file.string())));
  const std::unique_ptr<QMimeData> mime(toMime(pictures({data::PictureRef::ofFile(file)}), window_->desk()));
  EXPECT_EQ(mime->urls(), QList{QUrl::fromLocalFile(QString::fromStdString(file.string()))});
}

TEST_F(WindowDrag, ManyDrawnOnesAreSaidAndUnknownOnesToo) {
  std::vector<data::PictureRef> many(30, data::PictureRef::sample("emoji", "1F98A"));
  const std::unique_ptr<QMimeData> mime(toMime(pictures(many), window_->desk()));
  EXPECT_EQ(mime->urls().size(), kMostDrawn);
  EXPECT_TRUE(said("first 20"));
  const std::unique_ptr<QMimeData> none(toMime(pictures({data::PictureRef::sample("emoji", "none")}), window_->desk()));
  EXPECT_TRUE(none->urls().isEmpty());
  EXPECT_TRUE(said("none"));
}

TEST_F(WindowDrag, APageThatHasNoUseForADropSaysSo) {
  for (int i = 0; i < kPageCount; ++i) {
    Page* page = window_->page(static_cast<PageId>(i));
    window_->showPage(page->id());
    const Payload emoji = pictures({data::PictureRef::sample("emoji", "1F98A")});
    const int before = window_->messages().count();
    dropOn(page, emoji);
    if (!page->accepts(emoji)) {
      EXPECT_EQ(window_->messages().count(), before + 1) << pageName(page->id()).toStdString();
      EXPECT_TRUE(said(pageTitle(page->id())));
    }
    auto* empty = new QMimeData;
    empty->setText("   \n ");
    const int then = window_->messages().count();
    dropOn(window_->findChild<QToolButton*>("rail." + pageName(page->id())), empty);
    EXPECT_EQ(window_->messages().count(), then + 1) << pageName(page->id()).toStdString() << ": nothing was in it";
  }
}

TEST_F(WindowDrag, TextsOfAnotherLanguageAreLoadedFromBesideTheProgram) {
  qputenv("LIX_LANGUAGE", "eo");
  EXPECT_EQ(loadTranslation(*static_cast<QApplication*>(QApplication::instance())), QString()) << "there is none";
  const QString release = "/usr/lib/qt6/bin/lrelease";
  if (QProcess::execute(release, {"-version"}) != 0) {
    qunsetenv("LIX_LANGUAGE");
    GTEST_SKIP() << "lrelease is missing (qt6-l10n-tools)";
  }
  const std::string source = (folder_ / "eo.ts").string();
  ASSERT_TRUE(writeFile(source, R"(<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="eo"><context>
    <name>lix::app::Page</name><message><source>Curves</source><translation>Kurboj</translation></message></context></TS>)"));
  const QString made = QApplication::applicationDirPath() + "/lixplorer_eo.qm";
  ASSERT_EQ(QProcess::execute(release, {"-silent", QString::fromStdString(source), "-qm", made}), 0);
  const QString loaded = loadTranslation(*static_cast<QApplication*>(QApplication::instance()));
  QFile::remove(made);
  qunsetenv("LIX_LANGUAGE");
  EXPECT_EQ(QFileInfo(loaded).fileName(), "lixplorer_eo.qm");
  EXPECT_EQ(pageTitle(PageId::Curves), "Kurboj");
  for (QTranslator* one : QApplication::instance()->findChildren<QTranslator*>()) {
    QApplication::removeTranslator(one);
  }
  EXPECT_EQ(pageTitle(PageId::Curves), "Curves");
}

}  // namespace
}  // namespace lix::app
