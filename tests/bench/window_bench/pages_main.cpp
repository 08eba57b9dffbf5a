// How quick the Inspect and the Support page answer, with tiny models on the CPU: page_bench [PART]
// Prints and never fails: medians, 95th percentiles and longest of 30 repeats beside what the window is allowed. PART is
// one of captions, moves, matrix, overlay; without it all are measured.
#include <QApplication>
#include <QTemporaryDir>
#include <cstdio>

#include "bench.h"
#include "frame/choices.h"
#include "pages/inspect/inspect_page.h"
#include "pages/support/support_page.h"
#include "window_support.h"

namespace {
using namespace lix;
using namespace lix::bench;

void captionsOfAPage(app::testing_support::TestDesk& test) {
  app::InspectPage page(test.desk());
  page.resize(1300, 820);
  page.show();
  page.shown();
  page.findChild<app::CheckpointBox*>("inspect.checkpoint")->setFolder(test.model("llip16-tiny-emoji"));
  std::vector<data::PictureRef> pictures;
  for (const char* key : {"1F98A", "1F697", "1F34E"}) {
    pictures.push_back(data::PictureRef::sample("emoji", key));
  }
  page.setPictures(pictures);
  answerMs(&page, &app::InspectPage::readingShown, [&] { page.setCaptions({"a fox", "an animal face"}); });
  test.settle();
  newCaptions(page);
}

void movesOfAPage(app::testing_support::TestDesk& test) {
  app::SupportPage page(test.desk());
  page.resize(1300, 820);
  page.show();
  page.shown();
  page.findChild<app::CheckpointBox*>("support.checkpoint")->setFolder(test.model("siglip-tiny-emoji"));
  movedPictures(test.desk(), page, test.scratch() / "kinds");
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  const QTemporaryDir folder;
  qputenv("LIX_SETTINGS", (folder.path() + "/settings.ini").toUtf8());
  QApplication application(argc, argv);
  const auto wanted = [part = argc > 1 ? QString(argv[1]) : QString()](const char* name) {
    return part.isEmpty() || part == QLatin1String(name);
  };
  std::printf("OMP_WAIT_POLICY=%s QT_QPA_PLATFORM=%s\n", qgetenv("OMP_WAIT_POLICY").constData(),
              qgetenv("QT_QPA_PLATFORM").constData());
  if (wanted("matrix")) {
    matrix();
  }
  if (wanted("overlay")) {
    overlay();
  }
  if (wanted("captions")) {
    app::testing_support::TestDesk test;
    captionsOfAPage(test);
  }
  if (wanted("moves")) {
    app::testing_support::TestDesk test;
    movesOfAPage(test);
  }
  return 0;
}
